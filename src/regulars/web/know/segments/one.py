"""One segment: how large it is and was, its rule in words, who belongs, what it shares with others; its file; dropping it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.core.formats import Formats
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, page
from regulars.web.know import naming
from regulars.web.know.segments import listing, words
from regulars.web.shell import exports, lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Chart, Column, Series, Table
from regulars.web.shell.show import show

PER_PAGE, AT_ONCE, LOOKED_BACK = 25, 1_000, 366
PEOPLE = "SELECT customer_id, country, orders, net, last_day FROM customers WHERE customer_id IN (SELECT unnest($some::BIGINT[]))"


@page()
def segment(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show one segment."""
    told = _standing(name)
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    if request.GET.get("csv") == "members" and person(request).may("export"):
        return exports.rows_csv(name, _columns(), _everybody(name))
    numbers, write = segments.member_numbers(name, PER_PAGE + 1, after), formats(request)
    sizes = segments.sizes(name, segments.day_of(lake.now()) - timedelta(days=LOOKED_BACK))
    heading, parts = _rule(told)
    context = {
        "title": told.title, "told": told, "finding": _finding(told, write), "state": listing.state(told), "heading": heading, "parts": parts, "after": after,
        "older": numbers[PER_PAGE - 1] if len(numbers) > PER_PAGE else None, "cards": _cards(told, write),
        "position": [(label, told.position.get(part)) for part, label in words.position() if told.position.get(part)],
        "again": listing.LOOKED_AGAIN if not told.is_settled and not told.problem else None, "may_change": person(request).may("change"),
        "has_sizes": len(sizes) > 1,
    }  # fmt: skip
    members = Table("members", _("Who belongs"), _columns(), _people(numbers[:PER_PAGE]), _("Nobody fits the rule now."), csv=False, is_personal=True)  # fmt: skip
    return show(request, "web/know/segments/one.html", context, [members, _shared(told), _over_time(sizes, write)])


@page()
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out a segment as its file."""
    response = HttpResponse(segments.written(_standing(name)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


@change("change")
def drop(request: HttpRequest, name: str) -> HttpResponse:
    """Forget a segment, unless another one asks for it."""
    told = _standing(name)
    try:
        segments.drop(name, acting(request), lake.now())
    except segments.BadSegment as refusal:
        messages.error(request, str(refusal))
        return redirect("segment", name)
    messages.success(request, _("Dropped: %(title)s.") % {"title": told.title})
    return redirect("segments")


def _standing(name: str) -> segments.Told:
    told = segments.one(name)
    if told is None:
        raise Http404
    return told


def _finding(told: segments.Told, write: Formats) -> str:
    if told.n_members is None:
        return _("being counted") if not told.problem else _("not counted")
    if told.n_members == 1:
        return _("one customer")
    return _("%(n)s customers") % {"n": write.count(told.n_members)}


def _cards(told: segments.Told, write: Formats) -> list[Card]:
    if told.n_members is None:
        return []
    return [
        Card(_("Belong now"), write.count(told.n_members), listing.state(told), _("Customers for whom the rule holds, as last counted.")),
        Card(_("Change in 28 days"), listing.moved(told, write), "", _("The last count less the first of the last 28 days.")),
        Card(_("Counted"), write.moment(naming.here(told.counted_at)), "", _("People of whom something is told are asked about at once; when a day begins, those whose day it is.")),
    ]  # fmt: skip


def _rule(told: segments.Told) -> tuple[str, Sequence[str]]:
    """Return the rule in words; one that is of another version stands as it is."""
    try:
        return segments.in_parts(segments.read(told.rule), {one.name: one.title for one in segments.listed()})
    except segments.BadRule as problem:
        return "", [str(problem)]


def _columns() -> Sequence[Column]:
    return (
        Column("name", _("Customer"), link="address"), Column("country", _("Country")), Column("orders", _("Orders"), "count"),
        Column("net", _("Net value"), "money"), Column("last_day", _("Last order"), "day"),
    )  # fmt: skip


def _people(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Return rows of these customers in their order; whoever the lake does not know yet has a name alone."""
    if not numbers:
        return []
    with lake.reading() as moment:
        known = {row["customer_id"]: row for row in moment.dicts(PEOPLE, some=list(numbers))}
    return naming.named({"customer_id": one, **known.get(one, {})} for one in numbers)


def _everybody(name: str) -> Iterator[dict[str, Any]]:
    after = 0
    while numbers := segments.member_numbers(name, AT_ONCE, after):
        yield from _people(numbers)
        after = numbers[-1]


def _shared(told: segments.Told) -> Table:
    columns = (
        Column("title", _("Other segment"), link="address"), Column("both", _("In both"), "count"),
        Column("share", _("Share of this one"), "share"),
    )  # fmt: skip
    rows = [
        {"title": title, "address": reverse("segment", args=[name]), "both": both, "share": both / told.n_members if told.n_members else None}
        for name, title, both in segments.shared(told.name)
    ]  # fmt: skip
    return Table("shared", _("What it shares with others"), columns, rows, _("Nobody in it belongs to another segment."))  # fmt: skip


def _over_time(sizes: Sequence[tuple[date, int]], write: Formats) -> Chart:
    """Draw how many belonged on each day that was counted."""
    columns = (Column("day", _("Day"), "day"), Column("n", _("Customers"), "count"))
    rows = [{"day": day, "n": n} for day, n in sizes]
    table = Table("sizes", _("Size by day"), columns, rows, _("Its size is noted once a day, from the first count on."))
    definition = _(
        "How many belonged when each of the shop’s days was last counted. Days without a count are left out."
    )
    return Chart("sizes", _grown(sizes, write), definition, table, "day", [Series("n", _("Customers"))])


def _grown(sizes: Sequence[tuple[date, int]], write: Formats) -> str:
    if len(sizes) < 2:
        return _("Its size over time")
    (first, before), (_last, now) = sizes[0], sizes[-1]
    told = {"n": write.count(abs(now - before)), "day": write.day(first)}
    if now == before:
        return _("As many as on %(day)s") % told
    return (_("%(n)s more than on %(day)s") if now > before else _("%(n)s fewer than on %(day)s")) % told
