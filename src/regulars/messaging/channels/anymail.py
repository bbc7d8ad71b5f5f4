"""E-mail through the web interfaces of providers: django-anymail writes the request and reads the answer, core.outgoing sends."""

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formataddr
from io import BytesIO
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailError
from anymail.message import AnymailMessage
from django.utils.module_loading import import_string
from requests import Request, Response

from regulars.core.outgoing import Answer
from regulars.messaging.channels.http_answers import Said, at, outcome, told
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel, Unfit
from regulars.messaging.letters import Letter, Outcome, State

# Reach the mail under a name of ours, whatever the provider makes of Message-ID.
KEY_HEADER = "X-Regulars-Message"


def _nothing(message: AnymailMessage, headers: dict[str, str], key: str) -> None:
    """Leave a request as it is: this provider knows no idempotency key."""


def _as_request_header(message: AnymailMessage, headers: dict[str, str], key: str) -> None:
    headers["Idempotency-Key"] = key


def _as_message_header(message: AnymailMessage, headers: dict[str, str], key: str) -> None:
    message.extra_headers["idempotencyKey"] = key


@dataclass(frozen=True)
class Provider:
    """A provider: its module in django-anymail, and where it wants to see the key."""

    module: str
    place_key: Callable[[AnymailMessage, dict[str, str], str], None] = _nothing
    is_idempotent: bool = False


# Resend remembers a key for 24 hours. Brevo does for 15 minutes only, which is less than a pause of the outbox may last: the
# key is sent, but an unknown is not asked again because of it.
PROVIDERS = {
    "brevo": Provider("brevo", _as_message_header),
    "mailgun": Provider("mailgun"),
    "mailjet": Provider("mailjet"),
    "postmark": Provider("postmark"),
    "resend": Provider("resend", _as_request_header, is_idempotent=True),
    "sendgrid": Provider("sendgrid"),
    "sparkpost": Provider("sparkpost"),
}
STATES = {
    "sent": State.SENT,
    "queued": State.SENT,
    "invalid": State.FAILED,
    "rejected": State.FAILED,
    "failed": State.FAILED,
}
# Where the providers' refusals say why.
WORDS = (
    "message",
    "Message",
    "ErrorMessage",
    "Messages.0.Errors.0.ErrorMessage",
    "errors.0.message",
    "errors.0.description",
)
ONE_ADDRESS = re.compile(r"[^\s,;<>\"@]+@[^\s,;<>\"@]+")


@dataclass(kw_only=True)
class Anymail(HttpChannel):
    """An account at one of PROVIDERS. options are those of django-anymail for it: api_key, sender_domain, api_url …"""

    name: str
    options: Mapping[str, Any] = field(repr=False)
    tags: tuple[str, ...] = ()
    channel: str = "email"

    def __post_init__(self) -> None:
        """Set the provider's writer up; raise BadRoute where an option is missing."""
        if self.name not in PROVIDERS:
            raise BadRoute(f"'{self.name}' is not a known provider; there are {', '.join(PROVIDERS)}.")
        self._provider = PROVIDERS[self.name]
        self.is_idempotent = self._provider.is_idempotent
        backend = import_string(f"anymail.backends.{self._provider.module}.EmailBackend")
        try:
            with warnings.catch_warnings():
                # Anymail's maintainers no longer test SendGrid with a live account; the documentation says so.
                warnings.simplefilter("ignore")
                self._backend = backend(**self.options)
        except AnymailConfigurationError as problem:
            raise BadRoute(f"The options for {self.name} do not fit: {str(problem).splitlines()[0]}") from None

    def call(self, letter: Letter) -> Call:
        _check(letter)
        message = mail(letter, self.tags)
        headers: dict[str, str] = {}
        self._provider.place_key(message, headers, letter.key)
        try:
            payload = self._backend.build_message_payload(message, self._backend.send_defaults)
            wanted = payload.get_request_params(self._backend.api_url)
        except (AnymailError, ValueError, TypeError) as problem:
            raise Unfit(f"The mail cannot be written for {self.name}: {problem}") from None
        written = Request(**wanted).prepare()
        headers |= {str(name): str(value) for name, value in written.headers.items() if name != "Content-Length"}
        body = written.body or b""
        assert isinstance(body, str | bytes)  # a stream is made for attached files only
        return Call(
            method=str(written.method),
            url=str(written.url),
            headers=headers,
            body=body.encode() if isinstance(body, str) else body,
            judge=lambda answer: self._judged(letter, message, payload, answer),
        )

    def _judged(self, letter: Letter, message: AnymailMessage, payload: Any, answer: Answer) -> Outcome:
        if not 200 <= answer.status < 300:
            said = Said(detail=next(filter(None, (at(told(answer), place) for place in WORDS)), ""))
            return outcome(letter, answer, said, is_idempotent=self.is_idempotent)
        try:
            found = self._backend.parse_recipient_status(_response(answer), payload, message)
            one = next(iter(found.values()))
        except (AnymailError, StopIteration, AttributeError, LookupError, TypeError, ValueError):
            return outcome(letter, answer, Said(State.UNKNOWN))
        state = STATES.get(one.status, State.UNKNOWN)
        detail = "The provider does not send to this address." if state is State.FAILED else ""
        return outcome(letter, answer, Said(state, detail, provider_id=str(one.message_id or "")))


def _check(letter: Letter) -> None:
    """Refuse what could become two recipients or another header on the way."""
    if not ONE_ADDRESS.fullmatch(letter.to):
        raise Unfit("The recipient is not one e-mail address.")
    lines = (letter.subject, letter.to_name, letter.sender_name, *letter.headers, *letter.headers.values())
    if any(re.search(r"[\r\n\x00]", line) for line in lines):
        raise Unfit("The subject, a name or a header holds a line break.")


def mail(letter: Letter, tags: tuple[str, ...]) -> AnymailMessage:
    """Return a letter as django-anymail takes it; metadata carries the key to the provider's webhooks."""
    message = AnymailMessage(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((letter.sender_name, letter.sender)),
        to=[formataddr((letter.to_name, letter.to))],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={**letter.headers, KEY_HEADER: letter.key},
        metadata={"regulars": letter.key},
        tags=list(tags),
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _response(answer: Answer) -> Response:
    """Return an answer in the form that django-anymail reads."""
    response = Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response.raw = BytesIO(answer.body)
    return response
