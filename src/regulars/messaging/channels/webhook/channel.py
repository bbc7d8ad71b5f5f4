"""Sends a letter's text, a JSON document, to one endpoint, signed by the Standard Webhooks specification."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from regulars.core.outgoing import Answer
from regulars.messaging.channels.http_answers import Said, outcome
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel, Unfit
from regulars.messaging.letters import Letter, Outcome, State

PREFIX = "whsec_"


@dataclass(kw_only=True)
class Webhook(HttpChannel):
    """One endpoint. secrets are whsec_… texts, the newest first; while one is exchanged for another both sign. Receivers
    know a repeated message by its webhook-id, so an unknown is asked again. clock gives the time that is signed."""

    url: str
    secrets: Sequence[str] = field(repr=False)
    clock: Callable[[], datetime]
    name: str = "webhook"
    channel: str = "webhook"
    is_idempotent: bool = True
    timeout: float = 15.0

    def __post_init__(self) -> None:
        """Refuse an address that can never be called and secrets that the specification does not allow."""
        self.check(self.url)
        if not self.secrets:
            raise BadRoute("A webhook needs a secret to sign with.")
        for secret in self.secrets:
            if not secret.startswith(PREFIX) or not 24 <= _n_bytes(secret) <= 64:
                raise BadRoute("A webhook's secret is whsec_ and then 24 to 64 bytes in base64.")
        self._signers = [Signer(secret) for secret in self.secrets]

    def call(self, letter: Letter) -> Call:
        try:
            json.loads(letter.text)
        except (ValueError, RecursionError):
            raise Unfit("A webhook carries JSON, and this text is none.") from None
        now = self.clock().astimezone(UTC)
        signatures = [signer.sign(letter.key, now, letter.text) for signer in self._signers]
        return Call(
            url=self.url,
            headers={
                "Content-Type": "application/json",
                "webhook-id": letter.key,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": " ".join(signatures),
            },
            body=letter.text.encode(),
            judge=lambda answer: judged(letter, answer),
        )


def judged(letter: Letter, answer: Answer) -> Outcome:
    """Say what an answer means: 2xx is success, 410 the end, everything else, redirects too, is tried again."""
    if 200 <= answer.status < 300:
        return outcome(letter, answer)
    if answer.status == 410:
        return outcome(letter, answer, Said(State.FAILED, "The endpoint does not want to be called any more."))
    return outcome(letter, answer, Said(State.DEFERRED, f"The endpoint answered {answer.status}."))


def _n_bytes(secret: str) -> int:
    try:
        return len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        return 0
