"""Sends a letter as a notification to one browser."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from regulars.core.outgoing import Answer
from regulars.messaging.channels.http_answers import Said, outcome
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel, Unfit
from regulars.messaging.channels.push import encryption
from regulars.messaging.letters import Letter, Outcome, State

# Where a click on the notification leads.
LINK = "X-Push-Link"
# The subscription of the browser whose address is an id of ours; it stands in a letter on its way, and is kept nowhere.
SUBSCRIPTION = "X-Push-Subscription"
A_DAY = 86400


@dataclass(kw_only=True)
class WebPush(HttpChannel):
    """The shop's own key (VAPID) and a contact, mailto: or https:. A letter's address is an id of ours, with the
    browser's subscription as a header.
    Push services know no idempotency key; the letter's key is the topic, so a repeated message replaces one that still waits."""

    key: str = field(repr=False)
    contact: str
    clock: Callable[[], datetime]
    seconds_to_live: int = A_DAY
    name: str = "webpush"
    channel: str = "push"

    def __post_init__(self) -> None:
        """Read the key; raise BadRoute for one that is none."""
        try:
            self._own = encryption.private(self.key)
        except ValueError:
            raise BadRoute("The key for notifications is 32 bytes in base64url.") from None
        if not self.contact.startswith(("mailto:", "https:")):
            raise BadRoute("The contact for push services begins with mailto: or https:.")

    def call(self, letter: Letter) -> Call:
        try:
            to = encryption.subscription(letter.headers.get(SUBSCRIPTION, letter.to))
        except ValueError:
            raise Unfit("The address is no browser's subscription, or that browser is gone.") from None
        notice = {"title": letter.subject, "body": letter.text, "link": letter.headers.get(LINK, ""), "key": letter.key}
        plain = json.dumps(notice, ensure_ascii=False).encode()
        if len(plain) > encryption.LONGEST:
            raise Unfit(f"A notification holds {encryption.LONGEST} bytes at most, and this one has {len(plain)}.")
        place = urlsplit(to.endpoint)
        once = ec.generate_private_key(ec.SECP256R1())
        return Call(
            url=to.endpoint,
            headers={
                "Authorization": encryption.proof(
                    f"{place.scheme}://{place.netloc}", self.contact, self._own, self.clock()
                ),
                "Content-Type": "application/octet-stream",
                "Content-Encoding": "aes128gcm",
                "TTL": str(self.seconds_to_live),
                "Urgency": "low" if letter.is_marketing else "normal",
                "Topic": letter.key,
            },
            body=encryption.encrypted(plain, to, once, os.urandom(16)),
            judge=lambda answer: judged(letter, answer),
        )


def judged(letter: Letter, answer: Answer) -> Outcome:
    """Say what a push service's answer means. Its words stay out: the address came from a browser, so it may be anybody's."""
    if answer.status in (404, 410):
        return outcome(letter, answer, Said(State.FAILED, "The browser's subscription is gone."))
    return outcome(letter, answer)
