"""Text messages through Twilio's Messages resource."""

import base64
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from regulars.core.outgoing import Answer
from regulars.messaging.channels.http_answers import Said, at, outcome, told
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel, Unfit
from regulars.messaging.letters import Letter, Outcome, State

API = "https://api.twilio.com/2010-04-01"

# https://www.twilio.com/docs/api/errors, looked up in 2026. What is not here follows the status.
MEANINGS = {
    "20003": (State.DEFERRED, "Twilio does not accept the account's key; look after the route's settings."),
    "20429": (State.DEFERRED, "Twilio asks to come back later."),
    "14107": (State.DEFERRED, "Twilio asks to send more slowly."),
    "21611": (State.DEFERRED, "The sender's queue at Twilio is full."),
    "63038": (State.DEFERRED, "The account's messages for today are used up."),
    "21211": (State.FAILED, "This is no valid phone number."),
    "21214": (State.FAILED, "This number cannot be reached."),
    "21217": (State.FAILED, "This is no valid phone number."),
    "21408": (State.FAILED, "The account may not send to this country; allow it in Twilio's geo permissions."),
    "21610": (State.FAILED, "The recipient said STOP."),
    "21612": (State.FAILED, "This sender cannot reach this number."),
    "21614": (State.FAILED, "This number takes no text messages."),
    "21617": (State.FAILED, "The text is too long."),
}


@dataclass(kw_only=True)
class Twilio(HttpChannel):
    """An account at Twilio. Either service (a messaging service, MG…) or the letter's sender says who writes. With status_url
    Twilio tells the message's fate there; the key is added to it. Twilio knows no idempotency key, so an unknown stays one."""

    account: str
    token: str = field(repr=False)
    api_key: str = field(default="", repr=False)  # in place of the account's own name before the token
    service: str = ""
    status_url: str = ""
    api: str = API
    name: str = "twilio"
    channel: str = "sms"

    def __post_init__(self) -> None:
        """Refuse an account's name that would turn the address into another one."""
        if not self.account.isalnum():
            raise BadRoute("The Twilio account is the text that begins with AC; copy it from the console.")

    def call(self, letter: Letter) -> Call:
        if not letter.text:
            raise Unfit("The message has no text.")
        if not (self.service or letter.sender):
            raise Unfit("Nobody is named as sender; set a messaging service or a number.")
        fields = {"To": letter.to, "Body": letter.text}
        fields |= {"MessagingServiceSid": self.service} if self.service else {"From": letter.sender}
        if self.status_url:
            fields["StatusCallback"] = f"{self.status_url}{'&' if '?' in self.status_url else '?'}key={letter.key}"
        secret = base64.b64encode(f"{self.api_key or self.account}:{self.token}".encode()).decode()
        return Call(
            url=f"{self.api}/Accounts/{quote(self.account, safe='')}/Messages.json",
            headers={"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(fields).encode(),
            judge=lambda answer: judged(letter, answer),
        )


def judged(letter: Letter, answer: Answer) -> Outcome:
    """Say what an answer of Twilio means. A 5xx may come after Twilio took the message, so it stays unknown."""
    words = told(answer)
    if 200 <= answer.status < 300:
        return outcome(letter, answer, Said(provider_id=at(words, "sid")))
    code = at(words, "code")
    # A code tells of a refusal only where the status does: behind a 5xx it describes an accident.
    state, detail = MEANINGS.get(code, (None, "")) if answer.status < 500 else (None, "")
    return outcome(letter, answer, Said(state, detail or at(words, "message"), code))
