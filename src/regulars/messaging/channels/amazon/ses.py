"""Amazon SES, version 2 of its interface: one raw mail per request."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from regulars.core.outgoing import Answer
from regulars.messaging.channels.amazon.signing import Keys, signed
from regulars.messaging.channels.http_answers import Said, at, outcome, told
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel, Unfit
from regulars.messaging.channels.mails.addresses import Unsendable
from regulars.messaging.channels.mails.mime import assemble
from regulars.messaging.letters import Letter, Outcome, State

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
SET = re.compile(r"[A-Za-z0-9_-]{0,64}")
PATH = "/v2/email/outbound-emails"
ROUTE = "Amazon does not let this account send; look after it in the SES console."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html, looked up in 2026; others follow the status.
MEANINGS = {
    **dict.fromkeys(
        (
            "AccountSuspendedException",
            "SendingPausedException",
            "MailFromDomainNotVerifiedException",
            "NotFoundException",
        ),
        (State.DEFERRED, ROUTE),
    ),
    "LimitExceededException": (State.DEFERRED, "The account's quota at Amazon is used up for now."),
    "TooManyRequestsException": (State.DEFERRED, "Amazon asks to send more slowly."),
}


@dataclass(kw_only=True)
class Ses(HttpChannel):
    """An account's SES in a region. What becomes of mails is told by the configuration set's SNS topic; the key travels as a
    tag and as a header. SES knows no idempotency key, so an unknown stays one."""

    key_id: str
    secret: str = field(repr=False)
    region: str
    clock: Callable[[], datetime]
    configuration_set: str = ""
    api: str = ""
    name: str = "amazon_ses"
    channel: str = "email"

    def __post_init__(self) -> None:
        """Refuse what would turn the address into another one."""
        if not REGION.fullmatch(self.region):
            raise BadRoute("The region is written like eu-central-1, as the SES console shows it.")
        if not re.fullmatch("[A-Z0-9]{16,128}", self.key_id):
            raise BadRoute("The access key ID has capital letters and digits only; it mostly begins with AKIA.")
        if not SET.fullmatch(self.configuration_set):
            raise BadRoute("The configuration set's name has letters, digits, - and _ only.")
        self.api = self.api or f"https://email.{self.region}.amazonaws.com"

    def call(self, letter: Letter) -> Call:
        try:
            mail = assemble(letter, "")
        except Unsendable as problem:
            raise Unfit(str(problem)) from None
        wanted: dict[str, object] = {
            "FromEmailAddress": mail.sender,
            "Destination": {"ToAddresses": [mail.to]},
            "Content": {"Raw": {"Data": base64.b64encode(mail.content).decode()}},
            "EmailTags": [{"Name": "regulars", "Value": letter.key}],
        }
        if self.configuration_set:
            wanted["ConfigurationSetName"] = self.configuration_set
        body, url = json.dumps(wanted).encode(), self.api + PATH
        keys = Keys(self.key_id, self.secret, self.region)
        headers = signed(keys, url, {"Content-Type": "application/json"}, body, self.clock())
        return Call(url=url, headers=headers, body=body, judge=lambda answer: judged(letter, answer))


def judged(letter: Letter, answer: Answer) -> Outcome:
    """Say what an answer of SES means. An address of ours that is not verified is the route's fault and not the letter's."""
    words = told(answer)
    if 200 <= answer.status < 300:
        number = at(words, "MessageId")
        return outcome(letter, answer, Said(None if number else State.UNKNOWN, provider_id=number))
    kind = re.split("[:#]", answer.headers.get("x-amzn-errortype", "") or at(words, "__type"))[0]
    said = at(words, "message") or at(words, "Message")
    if answer.status < 500 and kind == "MessageRejected" and "not verified" in said:
        return outcome(letter, answer, Said(State.DEFERRED, ROUTE, kind))
    state, detail = MEANINGS.get(kind, (None, "")) if answer.status < 500 else (None, "")
    return outcome(letter, answer, Said(state, detail or said, kind if state else ""))
