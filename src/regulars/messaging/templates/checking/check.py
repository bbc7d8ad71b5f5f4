"""Looks a whole document over, in each of its languages."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from regulars.messaging.templates.checking import notices, rules
from regulars.messaging.templates.checking.findings import Finding, Severity
from regulars.messaging.templates.checking.names import suggestion, unknown
from regulars.messaging.templates.compiling import Compiled, compile  # noqa: A004  # as everywhere
from regulars.messaging.templates.documents import Document, Theme, Variant
from regulars.messaging.templates.language.meter import LIMITS
from regulars.messaging.templates.language.scanning import line_of
from regulars.messaging.templates.refusals import BadTemplate, Refused, ended


def check(document: Document, theme: Theme, sample: Mapping[str, Any]) -> list[Finding]:
    """Return what is to be put right, errors first; sample is data as a real message would have it."""
    try:
        compiled = compile(document, theme)
    except BadTemplate as wrong:
        place = f"{wrong.where}, line {wrong.line}" if wrong.line else wrong.where
        return [Finding(Severity.ERROR, place, f"It cannot be read: {ended(wrong.sentence)}")]
    found = [finding for locale in compiled.parts for finding in _language(compiled, locale, sample)]
    order = list(Severity)
    return sorted(dict.fromkeys(found), key=lambda finding: order.index(finding.severity))


def _language(compiled: Compiled, locale: str, sample: Mapping[str, Any]) -> Iterator[Finding]:
    missing: set[str] = set()
    try:
        rendered = compiled.watched(sample, locale, LIMITS, missing)
    except Refused as wrong:
        yield Finding(Severity.ERROR, f"({locale})", f"It cannot be written with this data: {ended(str(wrong))}")
        return
    yield from _names(compiled, locale, sample, missing)
    case = rules.Case(compiled.document, compiled.theme, sample, rendered)
    yield from RULES[compiled.document.channel](case)


RULES: Mapping[str, Callable[[rules.Case], Iterator[Finding]]] = {
    "email": rules.mail,
    "push": notices.push,
    "sms": rules.sms,
    "whatsapp": notices.whatsapp,
}


def _names(compiled: Compiled, locale: str, sample: Mapping[str, Any], missing: set[str]) -> Iterator[Finding]:
    parts, data = compiled.parts[locale], {**sample, "theme": compiled.theme.data()}
    paths = dict.fromkeys(path for program in parts.programs for path in unknown(program, data))
    for path in [*paths, *sorted(missing - paths.keys())]:
        meant = suggestion(path, data)
        yield Finding(
            Severity.WARNING,
            _place(compiled.document, locale, path),
            f"{path} is not in the data, so nothing stands there" + (f"; did you mean {meant}?" if meant else "."),
        )


def _place(document: Document, locale: str, path: str) -> str:
    name = re.compile(rf"\b{re.escape(path)}\b")
    variant = document.variants.get(locale, Variant(""))
    sources = {
        f"subject ({locale})": variant.subject,
        f"preheader ({locale})": variant.preheader,
        f"body ({locale})": variant.body,
    }
    for where, source in {**sources, **{f"block {key}": text for key, text in document.blocks.items()}}.items():
        if found := name.search(source):
            return f"{where}, line {line_of(source, found.start())}"
    return f"a block ({locale})"
