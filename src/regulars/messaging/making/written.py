"""Templates and letterheads as texts: JSON in the database, TOML to take along. Both are read strictly, field by field."""

import json
import re
import tomllib
from dataclasses import MISSING, asdict, fields
from typing import Any, Literal, TypeVar

import msgspec

from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.templates import BadTemplate, Document, Theme, Variant

FORMAT: Literal[1] = 1
Read = TypeVar("Read")
_PLACE = re.compile(r" - at `\$\.?(.*)`")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class _Variant(msgspec.Struct, forbid_unknown_fields=True):
    body: str
    subject: str = ""
    preheader: str = ""


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    channel: str
    message_class: str = msgspec.field(name="class")
    variants: dict[str, _Variant]
    default_locale: str = "en"
    blocks: dict[str, str] = {}
    format: Literal[1] = FORMAT


# Made from the theme's own fields, so that neither has one that the other lacks.
_Theme = msgspec.defstruct(
    "_Theme",
    [(one.name, one.type, ... if one.default is MISSING else one.default) for one in fields(Theme)],
    forbid_unknown_fields=True,
)


class _Letterhead(msgspec.Struct, forbid_unknown_fields=True):
    theme: _Theme  # type: ignore[valid-type]  # made above
    reply_to: str = ""
    format: Literal[1] = FORMAT


def document_json(document: Document) -> str:
    """Write a document as JSON, the same one always in the same way."""
    return json.dumps(_told(document), ensure_ascii=False, separators=(",", ":"))


def read_document(text: str) -> Document:
    """Read a document's JSON; BadTemplate names a field that is unknown, missing or of the wrong kind."""
    return _document(_parsed(text))


def document_toml(document: Document) -> str:
    """Write a document as TOML, its texts as they are."""
    told = _told(document)
    lines = [f"{name} = {_value(told[name])}" for name in ("format", "name", "channel", "class", "default_locale")]
    for locale, variant in told["variants"].items():
        lines += ["", f"[variants.{locale}]", *(f"{name} = {_value(text)}" for name, text in variant.items())]
    if told["blocks"]:
        lines += ["", "[blocks]", *(f"{_quoted(name)} = {_value(text)}" for name, text in told["blocks"].items())]
    return "\n".join(lines) + "\n"


def read_document_toml(text: str) -> Document:
    """Read what document_toml wrote, or somebody by hand; BadTemplate says what cannot be read."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadTemplate(f"this is no TOML: {wrong}") from None
    return _document(told)


def letterhead_json(letterhead: Letterhead) -> str:
    """Write a letterhead as JSON, the same one always in the same way."""
    return json.dumps({"format": FORMAT, **asdict(letterhead)}, ensure_ascii=False, separators=(",", ":"))


def read_letterhead(text: str) -> Letterhead:
    """Read a letterhead's JSON; BadTemplate names what is wrong with it."""
    told = _read(_parsed(text), _Letterhead, "the letterhead")
    theme = Theme(**msgspec.structs.asdict(told.theme))
    return Letterhead(theme, told.reply_to)


def _document(told: Any) -> Document:
    found = _read(told, _Document, "the template")
    variants = {locale: Variant(one.body, one.subject, one.preheader) for locale, one in found.variants.items()}
    return Document(found.name, found.channel, found.message_class, variants, found.default_locale, found.blocks)


def _told(document: Document) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": document.name,
        "channel": document.channel,
        "class": document.message_class,
        "default_locale": document.default_locale,
        "variants": {
            locale: {"subject": one.subject, "preheader": one.preheader, "body": one.body}
            for locale, one in sorted(document.variants.items())
        },
        "blocks": dict(sorted(document.blocks.items())),
    }


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise BadTemplate(f"this is no JSON: {wrong}") from None


def _read(told: Any, kind: type[Read], what: str) -> Read:
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as wrong:
        sentence = _PLACE.sub(lambda found: f", in {found[1]}", str(wrong)).replace("`", "'")
        raise BadTemplate(f"{what} cannot be read: {sentence[0].lower()}{sentence[1:]}") from None


def _value(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    # A literal text stands as it was written; TOML leaves out the line end behind its opening quotes.
    if "'''" not in value and not value.endswith("'") and "\n" in value and not _CONTROL.search(value):
        return f"'''\n{value}'''"
    return _quoted(value)


def _quoted(text: str) -> str:
    r"""Write a text on one line, with what TOML does not take as it is behind a backslash.

    >>> print(_quoted('a "b"\n\x7f'))
    "a \"b\"\n\u007f"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
