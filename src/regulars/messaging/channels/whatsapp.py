"""WhatsApp through Meta's Cloud API: approved templates at any time, free text within 24 hours of the customer's last word."""

import json
import re
from dataclasses import dataclass, field

from regulars.core.outgoing import Answer
from regulars.messaging.channels.http_answers import Said, at, outcome, told
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel, Unfit
from regulars.messaging.letters import Letter, Outcome, State

API = "https://graph.facebook.com/v23.0"
TEMPLATE, LANGUAGE, PARAMETERS = "X-WhatsApp-Template", "X-WhatsApp-Language", "X-WhatsApp-Parameters"

ROUTE = "Meta does not accept this route's key or account; look after the route's settings."
SLOWER = "WhatsApp asks to send more slowly."
TEMPLATE_BROKEN = "The template is missing, paused or does not fit its parameters; look at it in WhatsApp Manager."
# Meta's list of error codes, looked up in 2026. What is not here follows the status.
MEANINGS = {
    **dict.fromkeys(("0", "3", "10", "190", "368", "131005", "131031", "131042", "131045"), (State.DEFERRED, ROUTE)),
    **dict.fromkeys(("4", "80007", "130429", "131048", "131056", "133016"), (State.DEFERRED, SLOWER)),
    **dict.fromkeys(("2", "131016", "133004"), (State.DEFERRED, "WhatsApp is not available at the moment.")),
    "131049": (State.DEFERRED, "WhatsApp holds this back because the person gets many such messages."),
    **dict.fromkeys(
        ("132000", "132001", "132005", "132007", "132012", "132015", "132016"), (State.FAILED, TEMPLATE_BROKEN)
    ),
    "130472": (State.FAILED, "WhatsApp leaves this person out of marketing messages for an experiment."),
    "131021": (State.FAILED, "Sender and recipient are the same number."),
    "131026": (State.FAILED, "The number is not on WhatsApp or cannot take this message."),
    "131047": (State.FAILED, "More than 24 hours have passed since the customer wrote; only a template may go now."),
    "131050": (State.FAILED, "The recipient said STOP to marketing messages."),
    "131051": (State.FAILED, "WhatsApp does not know this kind of message."),
}


@dataclass(kw_only=True)
class WhatsApp(HttpChannel):
    """A business number. A letter with the header X-WhatsApp-Template goes as that template, in X-WhatsApp-Language and with
    the JSON list of texts in X-WhatsApp-Parameters; any other goes as free text. WhatsApp knows no idempotency key; ours
    travels as opaque data, so that the webhook that tells a message's fate names it."""

    number_id: str
    token: str = field(repr=False)
    api: str = API
    name: str = "whatsapp"
    channel: str = "whatsapp"

    def __post_init__(self) -> None:
        """Refuse a number's id that would turn the address into another one."""
        if not re.fullmatch("[0-9]+", self.number_id):
            raise BadRoute("The number's id has digits only; copy the phone number ID from WhatsApp Manager.")

    def call(self, letter: Letter) -> Call:
        content = _template(letter) if TEMPLATE in letter.headers else _free_text(letter)
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": letter.to.removeprefix("+"),
            "biz_opaque_callback_data": letter.key,
            **content,
        }
        return Call(
            url=f"{self.api}/{self.number_id}/messages",
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            body=json.dumps(message).encode(),
            judge=lambda answer: judged(letter, answer),
        )


def judged(letter: Letter, answer: Answer) -> Outcome:
    """Say what an answer of the Cloud API means; the code counts more than the status."""
    words = told(answer)
    if 200 <= answer.status < 300:
        number = at(words, "messages.0.id")
        return outcome(letter, answer, Said(None if number else State.UNKNOWN, provider_id=number))
    code = at(words, "error.code")
    is_permission = bool(re.fullmatch("2[0-9]{2}", code))
    state, detail = MEANINGS.get(code, (State.DEFERRED, ROUTE) if is_permission else (None, ""))
    detail = detail or at(words, "error.error_data.details") or at(words, "error.message")
    return outcome(letter, answer, Said(state, detail, code))


def _template(letter: Letter) -> dict[str, object]:
    try:
        parameters = json.loads(letter.headers.get(PARAMETERS, "[]"))
    except ValueError:
        parameters = None
    if not isinstance(parameters, list) or not all(isinstance(one, str) for one in parameters):
        raise Unfit(f'{PARAMETERS} must be a JSON list of texts, such as ["Ann", "20 %"].')
    if not letter.headers.get(LANGUAGE):
        raise Unfit(f"{LANGUAGE} must name the template's language, such as en_US.")
    template: dict[str, object] = {
        "name": letter.headers[TEMPLATE],
        "language": {"code": letter.headers[LANGUAGE]},
    }
    if parameters:
        texts = [{"type": "text", "text": one} for one in parameters]
        template["components"] = [{"type": "body", "parameters": texts}]
    return {"type": "template", "template": template}


def _free_text(letter: Letter) -> dict[str, object]:
    if not letter.text:
        raise Unfit("The message has no text.")
    return {"type": "text", "text": {"body": letter.text, "preview_url": False}}
