"""Which kinds of routes there are and what each must be told: data, from which forms are made and texts are read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from regulars.messaging.channels.http_lane import BadRoute

Form = Literal["text", "number", "long", "lines", "choice"]
LONGEST = 20_000


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to be told. choices are pairs of value and label; a secret is taken and never shown again.

    lines are texts below each other. Where a target changes, kept secrets must be typed again: they were given for another place.
    """

    name: str
    label: str
    help: str = ""
    form: Form = "text"
    is_secret: bool = False
    is_required: bool = False
    is_target: bool = False
    choices: Sequence[tuple[str, str]] = ()
    default: str = ""

    def fault(self, value: str) -> str:
        """Return what is wrong with a value, as a sentence; blank when nothing is.

        >>> Field(name="port", label="Port", form="number").fault("many")
        'Port must be a whole number.'
        """
        if not value:
            return f"{self.label} is missing." if self.is_required else ""
        if len(value) > LONGEST or "\0" in value:
            return f"{self.label} is too long or holds a sign that is none."
        if self.form in ("text", "number", "choice") and not value.isprintable():
            return f"{self.label} must stand on one line."
        if self.form == "number" and not re.fullmatch("[0-9]{1,6}", value):
            return f"{self.label} must be a whole number."
        if self.choices and value not in [one for one, _ in self.choices]:
            return f"{self.label} is not one of those to choose from."
        return ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of route. Its channel is told by a field where it can be any."""

    name: str
    label: str
    about: str
    channels: Sequence[str]
    fields: Sequence[Field]

    @property
    def channel(self) -> str:
        return self.channels[0] if len(self.channels) == 1 else ""

    def read(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the settings in a form's values, trimmed and complete; raise BadRoute with a sentence for what is wrong."""
        told = {field.name: (given.get(field.name) or field.default).strip() for field in self.fields}
        faults = [fault for field in self.fields if (fault := field.fault(told[field.name]))]
        if faults:
            raise BadRoute(" ".join(faults))
        return told


def kinds() -> dict[str, Kind]:
    """Return the kinds of routes by name."""
    return {kind.name: kind for kind in KINDS}


def kind(name: str) -> Kind:
    """Return a kind; raise BadRoute where there is none of this name."""
    found = kinds().get(name)
    if found is None:
        raise BadRoute(f"There is no kind of route called '{name}'; choose one of the list.")
    return found


KEY = Field(name="api_key", label="API key", is_secret=True, is_required=True)
FROM_MAIL = Field(
    name="sender",
    label="Mails come from",
    help="An address of yours that this service may send for. The name beside it stands on the page Brand.",
    is_required=True,
)
FROM_PHONE = Field(
    name="sender",
    label="Texts come from",
    help="Your number, like +4915112345678, or the name your provider registered for you.",
)


def _hook(secret: str) -> Field:
    """Return the field for what a provider proves itself by when it calls back."""
    about = (
        f"When it calls back to tell what became of messages: {secret}. Several, one a line, while one is exchanged."
    )
    return Field(name="hook_secret", label="What it proves itself by", help=about, form="lines", is_secret=True)


ANSWERS = Field(
    name="hook_answers", label="Answer STOP and HELP", form="choice", is_required=True, default="yes",
    help="No where the provider answers them itself.", choices=(("yes", "yes"), ("no", "no")),
)  # fmt: skip
BASIC = "user:password as they stand in the address you give it"


def _provider(name: str, label: str, *fields: Field) -> Kind:
    """Return the kind of an e-mail provider that django-anymail knows."""
    about = f"An account at {label}, through its web interface."
    return Kind(name=name, label=label, about=about, channels=("email",), fields=(FROM_MAIL, *fields))


KINDS: Sequence[Kind] = (
    Kind(
        name="drawer", label="Drawer", about="Keeps letters here instead of sending them: for trials.",
        channels=("email", "sms", "push", "whatsapp"),
        fields=(
            Field(
                name="channel", label="Channel", form="choice", is_required=True, default="email",
                choices=(("email", "E-mail"), ("sms", "Text message"), ("push", "Browser notification"), ("whatsapp", "WhatsApp")),
            ),
        ),
    ),
    Kind(
        name="smtp", label="Mail server (SMTP)", about="Your own mail server, or that of any provider.", channels=("email",),
        fields=(
            FROM_MAIL,
            Field(name="host", label="Server", help="For example smtp.example.com.", is_required=True, is_target=True),
            Field(name="port", label="Port", help="587 mostly, 465 with TLS from the start, 25 inside your own network.", form="number", is_required=True, default="587"),
            Field(
                name="security", label="Encryption", form="choice", is_required=True, default="starttls", is_target=True,
                choices=(("starttls", "STARTTLS"), ("tls", "TLS from the start"), ("none", "none")),
            ),
            Field(name="user", label="User"),
            Field(name="password", label="Password", is_secret=True),
            Field(name="connections", label="Connections at a time", form="number", is_required=True, default="4"),
            Field(name="bounces_to", label="Bounces to", help="Where other servers report failures; {key} stands for the message's key."),
            Field(name="dkim_selector", label="DKIM selector", help="Leave the three DKIM fields blank where the mail server signs."),
            Field(name="dkim_domain", label="DKIM domain"),
            Field(name="dkim_key", label="DKIM private key", help="The whole PEM text.", form="long", is_secret=True),
            _hook("where a provider stands behind this server, what docs/returns.md says of it"),
        ),
    ),
    _provider(
        "amazon_ses", "Amazon SES",
        Field(name="key_id", label="Access key ID", help="Of a user that may do ses:SendEmail and nothing else.", is_required=True, is_target=True),
        Field(name="secret", label="Secret access key", is_secret=True, is_required=True),
        Field(name="region", label="Region", help="As the SES console shows it, like eu-central-1.", is_required=True, is_target=True),
        Field(name="configuration_set", label="Configuration set", help="The one whose events go to the SNS topic; blank for the account's own."),
        _hook("the ARN of the SNS topic"),
    ),
    _provider("brevo", "Brevo", KEY, _hook(BASIC)),
    _provider(
        "mailgun", "Mailgun", KEY, Field(name="sender_domain", label="Sending domain", is_required=True),
        Field(
            name="api_url", label="Region", form="choice", is_required=True, is_target=True, default="https://api.mailgun.net/v3",
            choices=(("https://api.mailgun.net/v3", "United States"), ("https://api.eu.mailgun.net/v3", "Europe")),
        ),
        _hook("the HTTP webhook signing key"),
    ),
    _provider("mailjet", "Mailjet", KEY, Field(name="secret_key", label="Secret key", is_secret=True, is_required=True), _hook(BASIC)),
    _provider("postmark", "Postmark", Field(name="server_token", label="Server token", is_secret=True, is_required=True), _hook(BASIC)),
    _provider("resend", "Resend", KEY, _hook("the signing secret, whsec_…")),
    _provider("sendgrid", "SendGrid", KEY, _hook("the public key of the signed event webhook")),
    _provider(
        "sparkpost", "SparkPost", KEY,
        Field(
            name="api_url", label="Region", form="choice", is_required=True, is_target=True, default="https://api.sparkpost.com/api/v1",
            choices=(("https://api.sparkpost.com/api/v1", "United States"), ("https://api.eu.sparkpost.com/api/v1", "Europe")),
        ),
        _hook(BASIC),
    ),
    Kind(
        name="gateway", label="Gateway over HTTP", about="Any provider of text messages: you say how its request looks.", channels=("sms",),
        fields=(
            Field(name="url", label="Address", help="May hold {to} {to_digits} {text} {key} {from} in its path and query.", is_required=True, is_target=True),
            Field(name="method", label="Method", form="choice", is_required=True, default="POST", choices=tuple((one, one) for one in ("POST", "GET", "PUT"))),
            Field(name="headers", label="Headers", help="One a line, like Authorization: Bearer … They are kept as a secret.", form="lines", is_secret=True),
            Field(name="json_body", label="Body as JSON", help='For example {"to": "{to}", "text": "{text}"}.', form="long"),
            Field(name="form", label="Or body as a form", help="One field a line, like to={to}.", form="lines"),
            Field(name="key_header", label="Header of the idempotency key", help="Only if the provider promises to remember keys: then an unknown message may be asked for again."),
            Field(name="id_path", label="Where the answer holds its id", help="For example messages.0.id; blank if it holds none."),
            Field(name="accepted", label="Answers that accept", is_required=True, default="200, 201, 202"),
            Field(name="later", label="Answers that ask to come back later", default="429"),
            Field(name="never", label="Answers that refuse for good", default="400, 404, 410, 422"),
            FROM_PHONE,
            _hook("the signing secret, whsec_…"),
            ANSWERS,
        ),
    ),
    Kind(
        name="twilio", label="Twilio", about="An account at Twilio.", channels=("sms",),
        fields=(
            Field(name="account", label="Account", help="The text that begins with AC.", is_required=True, is_target=True),
            Field(name="api_key", label="API key", help="Blank to use the account's own token."),
            Field(name="token", label="Token, or the key's secret", is_secret=True, is_required=True),
            Field(name="service", label="Messaging service", help="The text that begins with MG; or a sender below."),
            FROM_PHONE,
            Field(name="status_url", label="Address for statuses", help="Where Twilio tells what became of a message: the address shown with this route."),
            _hook("the account's token, if an API key stands above; else blank"),
            ANSWERS,
        ),
    ),
    Kind(
        name="whatsapp", label="WhatsApp", about="A business number on Meta's Cloud API.", channels=("whatsapp",),
        fields=(
            Field(name="number_id", label="Phone number ID", help="Digits; from WhatsApp Manager.", is_required=True, is_target=True),
            Field(name="token", label="Access token", is_secret=True, is_required=True),
            _hook("the app's secret"),
            Field(name="hook_verify_token", label="Verify token", help="A word of your own; the same at Meta.", is_secret=True),
        ),
    ),
    Kind(
        name="webpush", label="Browser notifications", about="Notifications that browsers show, without any provider.", channels=("push",),
        fields=(
            Field(name="key", label="Private VAPID key", help="32 bytes in base64url.", is_secret=True, is_required=True),
            Field(name="contact", label="Contact", help="For the browsers' makers: mailto: or https:.", is_required=True),
            Field(name="seconds_to_live", label="Seconds to wait for a browser", form="number", is_required=True, default="86400"),
        ),
    ),
    Kind(
        name="webhook", label="Webhook", about="Tells an endpoint of yours, signed by Standard Webhooks.", channels=("webhook",),
        fields=(
            Field(name="url", label="Address", is_required=True, is_target=True),
            Field(name="secrets", label="Secrets", help="whsec_…; two lines while one is exchanged for the other, the newer first.", form="lines", is_secret=True, is_required=True),
        ),
    ),
)  # fmt: skip
