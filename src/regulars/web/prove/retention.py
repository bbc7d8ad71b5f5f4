"""Retention: the cohort heat map, curves with intervals, any window of days, and two groups side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.measurement import api as measurement
from regulars.web.access.gate import page
from regulars.web.prove import heat
from regulars.web.prove.asked import Asked, group_of, read
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Chart, Column, Series, Table
from regulars.web.shell.show import show

MOST_GROUPS = 60


@page()
def retention(request: HttpRequest) -> HttpResponseBase:
    """Show how many come back: by cohort, by period, in any window, group against group."""
    if not events.newest():
        return render(request, "web/nothing.html", {"title": _("Retention")})
    asked, write = read(request.GET), formats(request)
    found = lake.answer("retention", (repr(asked),), lambda moment: _found(moment, asked))
    groups = _groups(found["sizes"])
    context = {
        "title": _title(found["window"], write),
        "asked": asked,
        "window": found["window"],
        "compared": found["compared"],
        "compared_names": (_named(asked.one), _named(asked.other) or _("everybody else")),
        "groups": groups,
        "choices": _choices(),
        "heat": heat.drawn(found["cohorts"], write),
        "as_of": found["cohorts"]["as_of"],
    }
    return show(
        request, "web/prove/retention.html", context, [heat.table(found["cohorts"]), _curves(found["curves"], write)]
    )


def _found(moment: events.Moment, asked: Asked) -> dict[str, Any]:
    one = group_of(asked.one)
    compared = measurement.Compared(one, group_of(asked.other), asked.from_day, asked.to_day) if one else None
    return {
        "cohorts": measurement.cohorts(moment, asked.cohorts),
        "curves": measurement.retention_curves(moment, asked.curves),
        "window": measurement.window_rate(moment, asked.from_day, asked.to_day, group_of(asked.group)),
        "compared": measurement.compare(moment, compared) if compared else None,
        "sizes": measurement.group_sizes(moment, MOST_GROUPS),
    }


def _title(window: dict[str, Any], write: Formats) -> str:
    if window.get("rate") is None:
        return _("Retention: nobody’s window has closed yet")
    days = (
        _("%(from)s to %(to)s") % {"from": window["from_day"], "to": window["to_day"]}
        if window["to_day"]
        else _("%(from)s or later") % {"from": window["from_day"]}
    )
    return _("%(rate)s come back on days %(days)s after their first order") % {
        "rate": write.share(window["rate"]),
        "days": days,
    }


def _finding(rows: list[dict[str, Any]], by: str | None, write: Formats) -> str:
    """Return what the curves show at the last day that every group has reached."""
    if not rows:
        return _("Coming back, day by day after the first order")
    groups = {row["group"] for row in rows}
    day = max(
        (
            row["window"]
            for row in rows
            if {other["group"] for other in rows if other["window"] == row["window"]} == groups
        ),
        default=None,
    )
    at = sorted((row for row in rows if row["window"] == day), key=lambda row: float(row["rate"]))
    if not at or not by:
        last = rows[-1]
        return _("%(rate)s have come back by day %(day)s") % {"rate": write.share(last["rate"]), "day": last["window"]}
    told = {
        "most": at[-1]["group"],
        "high": write.share(at[-1]["rate"]),
        "least": at[0]["group"],
        "low": write.share(at[0]["rate"]),
        "day": day,
    }
    return _("By day %(day)s: %(most)s %(high)s, %(least)s %(low)s") % told


def _curves(found: dict[str, Any], write: Formats) -> Chart:
    """Return the curves: drawn one line per group, listed one row per group and period."""
    rows: list[dict[str, Any]] = []
    points: dict[int, dict[str, Any]] = {}
    series: list[Series] = []
    for place, group in enumerate(found["groups"]):
        label = _label(found["by"], group)
        series.append(Series(f"rate_{place}", label, f"low_{place}", f"high_{place}"))
        for point in group["points"]:
            rows.append({**point, "group": label, "window": point["to_day"] or point["from_day"]})
            told = points.setdefault(point["period"], {"window": point["to_day"] or point["from_day"]})
            told |= {f"{name}_{place}": point[name] for name in ("rate", "low", "high")}
    columns = (
        Column("group", _("First order")), Column("window", _("Day"), "count"), Column("eligible", _("Customers who can be judged"), "count"),
        Column("retained", _("Came back"), "count"), Column("rate", _("Share"), "share"), Column("low", _("From"), "share"), Column("high", _("To"), "share"),
    )  # fmt: skip
    title = _finding(rows, found["by"], write)
    table = Table("curves", title, columns, rows, _("Nobody’s first period is over yet."))
    return Chart(
        "curves",
        title,
        found["definition"],
        table,
        "window",
        series,
        unit="share",
        x_label=_("days after the first order"),
        points=[points[key] for key in sorted(points)],
    )


def _label(by: str | None, group: dict[str, Any]) -> str:
    if group["name"] == "all":
        return _("Everybody")
    if group["name"] == "other":
        return _("All others")
    return _value(by or "", group["value"])


def _value(dimension: str, value: str) -> str:
    if dimension == "discount":
        return _("with a discount") if value == "yes" else _("without a discount")
    return value or _("unknown")


def _named(group: str) -> str:
    found = group_of(group)
    return _value(found.dimension, found.value) if found else ""


def _groups(sizes: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    labels = _dimensions()
    return [
        {
            "label": labels[dimension],
            "values": [
                {
                    "key": f"{dimension}:{one['value']}",
                    "label": _value(dimension, one["value"]),
                    "customers": one["customers"],
                }
                for one in listed
            ],
        }
        for dimension, listed in sizes.items()
        if len(listed) > 1
    ]


def _dimensions() -> dict[str, str]:
    return {
        "product": _("First product"), "category": _("First category"), "country": _("Country"), "channel": _("Channel"),
        "discount": _("Discount"), "month": _("Month of the first order"),
    }  # fmt: skip


def _choices() -> dict[str, Any]:
    return {
        "grain": (("month", _("by month")), ("week", _("by week"))),
        "measure": (
            ("active", _("ordered in the period")),
            ("returned", _("had come back by then")),
            ("revenue", _("spent in the period")),
            ("cumulative", _("spent so far, per customer")),
        ),
        "kind": (("within", _("by then")), ("bounded", _("in the period")), ("unbounded", _("then or later"))),
        "by": (("", _("everybody together")), *_dimensions().items()),
    }
