"""The catalogue of the app's English texts: gathered from templates and code, the base of every translation.

`python -m regulars.web.catalogue` writes it again; a test says when it is out of date.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent
PLACE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# Rules in words are for readers of pages, too.
BESIDE = (ROOT.parent / "segments" / "telling" / "wording.py",)
# Header lines that say nothing, or say it anew each day.
UNSAID = tuple(
    f'"{name}' for name in ("Project-Id", "Report-", "POT-", "PO-", "Last-", "Language-Team", "Generated-By")
)
NOTE = "# Texts of the app. Copy this file to locale/<language>/LC_MESSAGES/django.po and fill in the msgstr lines.\n"


def texts() -> str:
    """Return the whole catalogue as a PO file; the order is that of the texts, so that a change shows alone."""
    catalogue = Catalog(locale="en", project="Regulars", header_comment=NOTE.rstrip("\n"))
    for path, found, context in _found():
        catalogue.add(found, locations=[(path, 0)], context=context)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, include_lineno=False, omit_header=False, width=0)
    lines = buffer.getvalue().decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith(UNSAID)) + "\n"


def _found() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    from regulars.segments import api as segments  # it has tables, so Django must stand

    yield from (("../segments/rules/fields.py", label, None) for label in segments.fields.labels())
    for path in [*sorted(ROOT.rglob("*")), *BESIDE]:
        if path.suffix not in (".py", ".html"):
            continue
        text = path.read_text(encoding="utf-8")
        source = templatize(text) if path.suffix == ".html" else text
        for _, message, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            yield os.path.relpath(path, ROOT).replace(os.sep, "/"), message, context


def write() -> None:
    """Write the catalogue to its place."""
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_text(texts(), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
    django.setup()
    write()
