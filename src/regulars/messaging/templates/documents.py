"""Templates as their authors write them: a document with a variant per language, and the theme of the brand."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from regulars.messaging.templates.refusals import BadTemplate

CHANNELS = ("email", "sms", "whatsapp", "push")
CLASSES = ("marketing", "transactional")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|\d{3}))?")


@dataclass(frozen=True)
class Theme:
    """How a brand looks; templates read these as `theme.…`. Colours are written #rrggbb; addresses of pictures are https."""

    sender_name: str
    postal_address: str = ""  # one line, commas between its parts
    site_url: str = ""
    logo_url: str = ""
    logo_width: int = 140
    font: str = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
    accent: str = "#0f5c4d"
    on_accent: str = "#ffffff"
    text: str = "#1f2328"
    muted: str = "#57606a"
    background: str = "#f4f2ee"
    surface: str = "#ffffff"
    line: str = "#e2ded6"
    radius: int = 8

    def __post_init__(self) -> None:
        for name in ("accent", "on_accent", "text", "muted", "background", "surface", "line"):
            if not _COLOUR.fullmatch(getattr(self, name)):
                raise BadTemplate(f"the theme's colour {name} is {getattr(self, name)!r}; write it as #rrggbb")
        for name in ("logo_url", "site_url"):
            if getattr(self, name) and not getattr(self, name).startswith("https://"):
                raise BadTemplate(f"the theme's {name} does not begin with https://; write the whole address")
        if re.search(r"[<>{}\"]", self.font):
            raise BadTemplate("the theme's font has signs that no font has; write names with commas between them")

    def data(self) -> dict[str, Any]:
        """Return the theme as templates see it."""
        return asdict(self)


@dataclass(frozen=True)
class Variant:
    """A document in one language: the body is MJML with Liquid, or a text.

    An e-mail's body is what goes into `<mj-body>`; a whole `<mjml>` document is taken as it is. For WhatsApp the subject names
    a template that was approved there, the preheader its language there, and the body has one parameter on each line; without a
    subject the body is free text. For a notification the subject is its title and the preheader the link behind it.
    """

    body: str
    subject: str = ""
    preheader: str = ""


@dataclass(frozen=True)
class Document:
    """A template under its name. Blocks are named pieces for `{% render 'name' %}`; they stand before the shipped ones."""

    name: str
    channel: str
    message_class: str
    variants: Mapping[str, Variant]
    default_locale: str = "en"
    blocks: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            raise BadTemplate(f"the channel is {self.channel!r}; choose email, sms, whatsapp or push", self.name)
        if self.message_class not in CLASSES:
            raise BadTemplate(f"the class is {self.message_class!r}; choose marketing or transactional", self.name)
        if self.default_locale not in self.variants:
            raise BadTemplate(f"it has no text in its default language {self.default_locale}; write one", self.name)
        for locale in self.variants:
            if not _LOCALE.fullmatch(locale):
                raise BadTemplate(f"{locale!r} is no language; write one such as en, de or de-AT", self.name)


def fallback(locale: str, present: Mapping[str, object], default: str) -> str:
    """Return the language to write in: the reader's own, else the same without its region, else the default.

    >>> [fallback(wish, {"en": 1, "de": 1, "de-AT": 1}, "en") for wish in ("de-AT", "de_CH", "de", "fr-FR", "")]
    ['de-AT', 'de', 'de', 'en', 'en']
    """
    parts = locale.replace("_", "-").split("-")
    for n in range(len(parts), 0, -1):
        if "-".join(parts[:n]) in present:
            return "-".join(parts[:n])
    return default


def reader_locale(wish: str, written_in: str) -> str:
    """Return the locale for money and days: the reader's when the text is in that language, else the text's own.

    >>> reader_locale("de-AT", "de"), reader_locale("fr-FR", "en"), reader_locale("de-x'", "de")
    ('de-AT', 'en', 'de')
    """
    wish = wish.replace("_", "-")
    fits = bool(_LOCALE.fullmatch(wish)) and wish.split("-")[0] == written_in.split("-", maxsplit=1)[0]
    return wish if fits else written_in
