"""From a route's settings to its channel: each kind has one builder, which imports what it needs when it is needed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from regulars.core import clock, sealing
from regulars.core.outgoing import of_the_house
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.channels.http_lane import BadRoute, HttpChannel
from regulars.messaging.letters import Channel
from regulars.messaging.routes.named import SENDER, checked, named

if TYPE_CHECKING:
    from regulars.messaging.channels.mails.dkim import Signer

PURPOSE = "route"
PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid", "sparkpost")
Settings = Mapping[str, str]


def build(kind: str, settings: Settings, patience: float | None = None) -> Channel:
    """Return the channel of settings that kinds.Kind.read has read; raise BadRoute with a sentence for what cannot work.

    patience are the seconds that one answer may take at most, for somebody who stands and waits.
    """
    try:
        if kind in (*PROVIDERS, "amazon_ses", "smtp"):
            checked(settings)
        channel = BUILDERS[kind](settings, patience)
    except BadRoute:
        raise
    except ValueError as problem:  # each channel has its own name for settings that cannot work, and a sentence in it
        raise BadRoute(str(problem)) from None
    if patience and isinstance(channel, HttpChannel):
        channel.timeout = patience
    return named(channel, settings)


@lru_cache(maxsize=64)
def built(kind: str, sealed: str) -> Channel:
    """Return the channel of sealed settings, the same one as long as they stand: it keeps connections."""
    return build(kind, opened(sealed))


def sealed(settings: Settings) -> str:
    """Return settings as they are kept."""
    return sealing.seal(msgspec.json.encode(dict(settings)).decode(), PURPOSE)


def opened(text: str) -> dict[str, str]:
    """Return kept settings; raise sealing.BadSeal where this home's keys do not open them."""
    return msgspec.json.decode(sealing.unseal(text, PURPOSE), type=dict[str, str])


def _drawer(settings: Settings, patience: float | None) -> Channel:
    return Drawer(settings["channel"])


def _smtp(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.smtp.channel import SmtpChannel
    from regulars.messaging.channels.smtp.settings import Security, SmtpSettings

    server = SmtpSettings(
        host=settings["host"], port=int(settings["port"]), security=Security(settings["security"]), user=settings["user"],
        password=settings["password"], connections=int(settings["connections"]), bounces_to=settings["bounces_to"],
    )  # fmt: skip
    if patience:
        server = replace(server, connect_timeout=patience, reply_timeout=patience, dot_timeout=patience)
    return SmtpChannel(server, signer=_signer(settings))


def _signer(settings: Settings) -> "Signer | None":
    from regulars.messaging.channels.mails.dkim import Signer

    domain, selector, key = (settings[name] for name in ("dkim_domain", "dkim_selector", "dkim_key"))
    if not (domain or selector or key):
        return None
    if not (domain and selector and key):
        raise BadRoute("A DKIM signature needs all three: domain, selector and private key.")
    return Signer(domain, selector, key.encode())


def _gateway(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.gateway import Gateway

    form = dict(_pair(line, "=") for line in _lines(settings["form"]))
    if "{from}" in settings["url"] + settings["json_body"] + settings["form"] and not settings["sender"]:
        raise BadRoute("The request has a place {from}, so say where texts come from.")
    return Gateway(
        outgoing=of_the_house(), url=settings["url"], method=settings["method"], form=form or None,
        headers=dict(_pair(line, ":") for line in _lines(settings["headers"])), json_body=settings["json_body"],
        key_header=settings["key_header"], id_path=settings["id_path"], accepted=_statuses(settings["accepted"]),
        later=_statuses(settings["later"]), never=_statuses(settings["never"]),
    )  # fmt: skip


def _twilio(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.twilio import Twilio

    if not (settings["service"] or settings["sender"]):
        raise BadRoute("Nobody is named as sender; set a messaging service or a number.")
    return Twilio(
        outgoing=of_the_house(), account=settings["account"], token=settings["token"], api_key=settings["api_key"],
        service=settings["service"], status_url=settings["status_url"],
    )  # fmt: skip


def _whatsapp(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.whatsapp import WhatsApp

    return WhatsApp(outgoing=of_the_house(), number_id=settings["number_id"], token=settings["token"])


def _webpush(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.push.channel import WebPush

    return WebPush(
        outgoing=of_the_house(), key=settings["key"], contact=settings["contact"], clock=clock.utc_now,
        seconds_to_live=int(settings["seconds_to_live"]),
    )  # fmt: skip


def _webhook(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.webhook.channel import Webhook

    secrets = _lines(settings["secrets"])
    return Webhook(outgoing=of_the_house(), url=settings["url"], secrets=secrets, clock=clock.utc_now)


def _ses(settings: Settings, patience: float | None) -> Channel:
    from regulars.messaging.channels.amazon.ses import Ses

    return Ses(
        outgoing=of_the_house(), key_id=settings["key_id"], secret=settings["secret"], region=settings["region"],
        configuration_set=settings["configuration_set"], clock=clock.utc_now,
    )  # fmt: skip


def _provider(name: str) -> Callable[[Settings, float | None], Channel]:
    def built_by_anymail(settings: Settings, patience: float | None) -> Channel:
        from regulars.messaging.channels.anymail import Anymail

        options = {key: value for key, value in settings.items() if key != SENDER and not key.startswith("hook_")}
        return Anymail(outgoing=of_the_house(), name=name, options=options)

    return built_by_anymail


BUILDERS: Mapping[str, Callable[[Settings, float | None], Channel]] = {
    "amazon_ses": _ses,
    "drawer": _drawer,
    "gateway": _gateway,
    "smtp": _smtp,
    "twilio": _twilio,
    "webhook": _webhook,
    "webpush": _webpush,
    "whatsapp": _whatsapp,
    **{name: _provider(name) for name in PROVIDERS},
}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pair(line: str, sign: str) -> tuple[str, str]:
    name, found, value = line.partition(sign)
    if not found or not name.strip():
        raise BadRoute(f"Write each line as a name, {sign} and a value.")  # the line itself may be a secret
    return name.strip(), value.strip()


def _statuses(text: str) -> frozenset[int]:
    """Return the statuses of a list.

    >>> sorted(_statuses("200, 202"))
    [200, 202]
    """
    words = [word for word in re.split(r"[,\s]+", text) if word]
    if not all(re.fullmatch("[1-5][0-9]{2}", word) for word in words):
        raise BadRoute("Statuses are three digits, with commas between them, like 200, 202.")
    return frozenset(map(int, words))
