"""The report's dict becomes a page: sections, templates and style sheet put together."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from regulars.core.formats import Formats
from regulars.core.reading import Report, block, text
from regulars.measurement.page.definitions import DEFINITIONS
from regulars.measurement.page.model import Chapter, Given
from regulars.measurement.page.opening import opening
from regulars.measurement.page.sections import closing, lifecycle, money, retention, value

STYLES = ("tokens", "layout", "parts", "charts", "print")
TEMPLATES = Path(__file__).parent / "templates"


def html(report: Report, locale: str = "en") -> str:
    """Return the report as a self-contained page; figures are written as the locale (en, de, pt-BR) writes them.

    The page needs no script, no font and no other file. Whatever the report lacks is answered with a sentence.
    """
    given = Given(report, Formats(locale, text(report.get("currency")) or None))
    context = {
        "style": mark_safe(_style()),  # noqa: S308  our own style sheets
        "policy": policy(),
        "opening": opening(given),
        "chapters": _chapters(given),
        "stamps": _stamps(given),
        "frame": _frame(given),
        "glossary": _glossary(given),
    }
    return str(_engine().get_template("page.html").render(Context(context, use_l10n=False, use_tz=False)))


def policy() -> str:
    """Return the page's content security policy: nothing runs, nothing loads, and only this style sheet counts."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"


@cache
def _style() -> str:
    return "".join((TEMPLATES / "style" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


def _chapters(given: Given) -> tuple[Chapter, ...]:
    parts = (retention.chapter(given), lifecycle.chapter(given), money.chapter(given), value.chapter(given))
    return (*parts, *closing.chapters(given))


def _stamps(given: Given) -> tuple[str, ...]:
    as_of = given.report.get("as_of")
    return (f"As of {given.write.day(as_of)}",) if as_of else ()


def _frame(given: Given) -> tuple[tuple[str, str], ...]:
    report, write = given.report, given.write
    known = (
        ("As of", write.day(report["as_of"]) if report.get("as_of") else ""),
        ("Time zone", text(report.get("timezone"))),
        ("Currency", text(report.get("currency"))),
        ("Lake version", text(report.get("lake_version"))),
        ("Written", write.moment(report["generated_at"]) if report.get("generated_at") else ""),
    )
    return tuple((name, said) for name, said in known if said)


def _glossary(given: Given) -> tuple[tuple[str, str], ...]:
    if not block(given.report, "totals").get("orders"):
        return ()
    said = {**DEFINITIONS, **block(given.report, "definitions")}
    return tuple(
        (text(key).replace("_", " ").replace("rfm", "RFM"), text(sentence))
        for key, sentence in said.items()
        if text(sentence)
    )
