"""The consent log: who said yes or no, when, how, to which words, with the proof one click away; and all of it as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.consent import api as consent
from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import page
from regulars.web.act.consents import words
from regulars.web.know import naming
from regulars.web.shell import exports, lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Column

PER_PAGE = 50
NOBODY = -1


@page()
def log(request: HttpRequest) -> HttpResponseBase:
    """Show the log, the newest first."""
    if request.GET.get("csv"):
        return _export(request)
    asked, number = _asked(request.GET)
    found = lake.of_people("consent", (repr(asked),), lambda known: {"log": consent.log(known.moment, asked)})["log"]
    last = max(-(-found.n // PER_PAGE), 1)
    context = {
        "title": _("Consent"),
        "given": request.GET,
        "entries": _told(found.entries, formats(request)),
        "n": found.n,
        "n_customers": found.n_customers,
        "is_filtered": any(request.GET.get(one) for one in ("who", "said", "channel")),
        "channels": words.channels(),
        "said": words.said(),
        "zone": events.timezone(),
        "page_number": number,
        "last_page": last,
        "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if number < last else None,
    }
    return render(request, "web/act/consent_log.html", context)


def _asked(query: QueryDict) -> tuple[consent.LogAsked, int]:
    place = query.get("page", "1")
    number = max(int(place), 1) if place.isdigit() and len(place) < 7 else 1
    said, channel = query.get("said", ""), query.get("channel", "")
    asked = consent.LogAsked(
        customer=_customer(query.get("who", "").strip()),
        said=said if said in words.said() else "",
        channel=channel if channel in consent.CHANNELS else "",
        offset=(number - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    return asked, number


def _customer(text: str) -> int:
    """Return the customer of an e-mail, a phone, a shop number or a number of ours; 0 where nobody is asked for."""
    text = text.replace("\0", "")  # PostgreSQL takes none
    if not text:
        return 0
    phone = profiles.international(text)
    found = profiles.known({"email": text, "phone": phone, "id": text})
    if not found and text.removeprefix("#").isdecimal() and len(text) < 19:
        found = [int(text.removeprefix("#"))]
    return profiles.standing(found[0]) or NOBODY if found else NOBODY


def _told(entries: list[consent.Entry], write: Formats) -> list[dict[str, Any]]:
    called = profiles.called(sorted({one.customer for one in entries}))
    names, channels, said = words.topic_names(), words.channels(), words.said()
    methods, bases = words.methods(), words.bases()
    return [
        {
            "entry": one,
            "name": called.get(one.customer) or naming.unnamed(one.customer),
            "address": naming.address(one.customer),
            "when": f"{write.day(one.at.date())}, {one.at:%H:%M}",
            "what": said.get(one.said, one.said),
            "tone": {"given": "good", "withdrawn": "bad"}.get(one.said, "warn"),
            "channel": channels.get(one.channel, one.channel),
            "topic": names.get(one.topic, one.topic),
            "method": methods.get(one.method, one.method),
            "basis": bases.get(one.basis, one.basis),
            "proof": [(name.replace("_", " "), value) for name, value in one.proof.items()],
        }
        for one in entries
    ]


def _export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the whole log, whatever is filtered: a proof with gaps is none."""
    if not person(request).may_export:
        return redirect("consent")
    columns = [Column(name, name) for name in consent.EXPORTED]
    return exports.rows_csv("consent-log", columns, _lines())


def _lines() -> Iterator[dict[str, str]]:
    lines = consent.export_log()
    names = next(lines)
    for line in lines:
        yield dict(zip(names, line, strict=True))
