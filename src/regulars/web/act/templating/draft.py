"""What stands in the editor's form: kept in no place, read into a document, and shown again as it was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from babel import Locale, UnknownLocaleError
from django.http import QueryDict
from django.utils.translation import gettext as _

from regulars.messaging import api as messaging
from regulars.messaging.api import Document, Kept, Variant

PARTS = ("subject", "preheader", "body")
MOST_LOCALES, MOST_BLOCKS = 60, 60
_PLACE = re.compile(r"(subject|preheader|body|text) \(([\w-]+)\)(?:, line (\d+))?")


@dataclass(frozen=True)
class Draft:
    """A template as its form has it."""

    name: str
    channel: str
    message_class: str
    default_locale: str
    variants: Mapping[str, Variant]
    blocks: Mapping[str, str] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """Return the document; raise messaging.BadTemplate where it cannot be one."""
        return Document(
            self.name, self.channel, self.message_class, self.variants, self.default_locale, dict(self.blocks)
        )

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Return each language's code and name, the default one first."""
        codes = sorted(self.variants, key=lambda code: (code != self.default_locale, code))
        return [(code, called(code)) for code in codes]

    def with_locale(self, locale: str) -> "Draft":
        """Return the draft with one language more, which begins with the default's words."""
        start = self.variants.get(self.default_locale, Variant(""))
        return replace(self, variants={**self.variants, locale: self.variants.get(locale, start)})

    def without_locale(self, locale: str) -> "Draft":
        """Return the draft without a language; the default one stays."""
        kept = {code: one for code, one in self.variants.items() if code != locale or code == self.default_locale}
        return replace(self, variants=kept)

    def with_block(self, name: str) -> "Draft":
        """Return the draft with one block more; one that is shipped begins with the shipped words."""
        start = messaging.shipped_blocks().get(name, "")
        return replace(self, blocks={**self.blocks, name: self.blocks.get(name, start.strip("\n"))})

    def without_block(self, name: str) -> "Draft":
        """Return the draft without a block; where a shipped one has the same name, that one serves again."""
        return replace(self, blocks={one: text for one, text in self.blocks.items() if one != name})


def labels(channel: str) -> dict[str, str]:
    """Return what a variant's parts are called in the form of a channel; what it has not is left out."""
    told = {
        "email": {
            "subject": _("Subject"), "preheader": _("Preheader"), "preheader_hint": _("What the inbox shows behind the subject."),
            "body": _("Body, in MJML with Liquid"),
        },
        "sms": {"body": _("Text, with Liquid")},
        "whatsapp": {
            "subject": _("Template at WhatsApp"), "subject_hint": _("The approved template’s name, like order_update. Blank for free text, which reaches only customers who wrote within 24 hours."),
            "preheader": _("Its language there"), "preheader_hint": _("As WhatsApp Manager shows it, like en_US."),
            "body": _("Its parameters, one on each line; or the free text"),
        },
        "push": {
            "subject": _("Title"), "preheader": _("Link"), "preheader_hint": _("What opens when the notification is touched; https only."),
            "body": _("Text, with Liquid"),
        },
    }  # fmt: skip
    return told[channel]


def of(document: Document) -> Draft:
    """Return a kept document as a draft."""
    return Draft(
        document.name,
        document.channel,
        document.message_class,
        document.default_locale,
        document.variants,
        document.blocks,
    )


def told(standing: Kept, form: QueryDict) -> Draft:
    """Return what the form says of a template that there is; its channel is not asked."""
    locales = form.getlist("locales")[:MOST_LOCALES]
    variants = {
        locale: Variant(**{part: _lines(form.get(f"{part}.{locale}", ""), part) for part in PARTS})
        for locale in locales
    }
    blocks = {name: _lines(form.get(f"block.{name}", "")) for name in form.getlist("blocks")[:MOST_BLOCKS]}
    default = form.get("default_locale", "")
    return Draft(standing.name, standing.channel, form.get("message_class", ""), default, variants, blocks)


def called(locale: str) -> str:
    """Return a language's English name.

    >>> called("de-AT"), called("tlh")
    ('German (Austria)', 'tlh')
    """
    try:
        return Locale.parse(locale, sep="-").get_display_name("en") or locale
    except (UnknownLocaleError, ValueError):
        return locale


def field_of(where: str) -> tuple[str, int]:
    """Return the id of the form's field that a finding speaks of, and the line in it; a blank one when there is none.

    >>> field_of("body (de), line 3"), field_of("text (en)"), field_of("theme")
    (('body.de', 3), ('body.en', 0), ('', 0))
    """
    found = _PLACE.match(where)
    if found is None:
        return "", 0
    part = "body" if found[1] == "text" else found[1]
    return f"{part}.{found[2]}", int(found[3] or 0)


def newly(name: str, channel: str, message_class: str) -> Document:
    """Return a first text for a template of somebody's own."""
    if channel == "push":
        words = Variant(
            "{{ theme.sender_name }} has something for you.", "Hello from {{ theme.sender_name }}", "{{ shop.url }}"
        )
        return Document(name, channel, message_class, {"en": words})
    if channel == "whatsapp":
        words = Variant('{{ customer.first_name | default: "there" }}', "hello_there", "en")
        return Document(name, channel, message_class, {"en": words})
    if channel == "sms":
        end = " Reply STOP to end." if message_class == "marketing" else ""
        return Document(name, channel, message_class, {"en": Variant("{{ theme.sender_name }}: Hello." + end)})
    body = (
        "<mj-section>\n  <mj-column>\n"
        '    <mj-text mj-class="title">Hello {{ customer.first_name | default: "there" }}</mj-text>\n'
        "    <mj-text>Write here what you have to say.</mj-text>\n"
        "    {% render 'button', text: \"Look\", url: shop.url %}\n"
        "  </mj-column>\n</mj-section>"
    )
    return Document(name, channel, message_class, {"en": Variant(body, "Hello from {{ theme.sender_name }}")})


def size_of(channel: str, rendered: messaging.Rendered) -> dict[str, object]:
    """Return how large a message is: kilobytes of a mail, segments of an SMS, signs of others."""
    if channel == "email":
        return {"kilobytes": -(-len(rendered.html.encode()) // 1000)}
    if channel != "sms":
        return {"signs": len(rendered.text)}
    size = messaging.sms_size(rendered.text)
    return {"segments": size.segments, "units": size.units, "alphabet": size.alphabet}


def _lines(text: str, part: str = "body") -> str:
    r"""Return a field's text with plain line ends: browsers send \r\n."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip("\n") if part == "body" else text.strip()
