"""The cohort heat map as a table: each cell's shade is a class, so that it prints, reads aloud and needs no script."""

from typing import Any

from django.utils.translation import gettext as _

from regulars.core.formats import Formats
from regulars.web.shell.figures import Column, Table

SHADES = 7


def drawn(found: dict[str, Any], write: Formats) -> dict[str, Any]:
    """Return the heat map's heading and rows with every text written and every cell's shade."""
    is_money = found["measure"] in ("revenue", "cumulative")
    values = [
        cell["value"]
        for row in found["rows"]
        for cell in row["cells"]
        if cell["value"] is not None and (is_money or cell["period"] or found["measure"] == "returned")
    ]
    top = max(values, default=0) or 1
    periods = range(max((len(row["cells"]) for row in found["rows"]), default=0))
    return {
        "title": _title(found, write),
        "definition": found["definition"],
        "periods": list(periods),
        "rows": [
            {
                "cohort": _cohort(found, row, write),
                "customers": write.count(row["customers"]),
                "cells": [_cell(cell, top, write, is_money) for cell in row["cells"]],
                "missing": range(len(periods) - len(row["cells"])),
            }
            for row in found["rows"]
        ],
        "average": [_cell({**cell, "mature": True}, top, write, is_money) for cell in found["average"]],
    }


def _title(found: dict[str, Any], write: Formats) -> str:
    """Return the finding: what the first period after the cohort's own shows."""
    first = next((cell for cell in found["average"] if cell["period"] == 1), None)
    if first is None:
        return _("Who stays, by the time of the first order")
    value = write.about(first["amount"]) if "amount" in first else write.share(first["value"])
    titles = {
        ("active", "month"): _("%(value)s order again in the month after their first"),
        ("active", "week"): _("%(value)s order again in the week after their first"),
        ("returned", "month"): _("%(value)s have come back by the end of the month after their first"),
        ("returned", "week"): _("%(value)s have come back by the end of the week after their first"),
        ("revenue", "month"): _("A cohort spends %(value)s in the month after its first"),
        ("revenue", "week"): _("A cohort spends %(value)s in the week after its first"),
        ("cumulative", "month"): _("A customer has spent %(value)s by the end of the month after the first"),
        ("cumulative", "week"): _("A customer has spent %(value)s by the end of the week after the first"),
    }
    return titles[found["measure"], found["grain"]] % {"value": value}


def table(found: dict[str, Any]) -> Table:
    """Return the heat map's figures as a plain table, one row per cohort and period."""
    is_money = found["measure"] in ("revenue", "cumulative")
    rows = [
        {
            **cell,
            "cohort": row["cohort"],
            "customers": row["customers"],
            "ended": _("yes") if cell["mature"] else _("no"),
        }
        for row in found["rows"]
        for cell in row["cells"]
    ]
    figures = (
        (Column("amount", _("Amount"), "money"),)
        if is_money
        else (
            Column("retained", _("Customers"), "count"),
            Column("rate", _("Share"), "share"),
            Column("low", _("From"), "share"),
            Column("high", _("To"), "share"),
        )
    )
    columns = (
        Column("cohort", _("First order in")),
        Column("customers", _("First buyers"), "count"),
        Column("period", _("Period"), "count"),
        *figures,
        Column("ended", _("Period has ended")),
    )
    return Table("cohorts", _("Cohorts by period"), columns, rows, _("No first orders yet."))


def _cohort(found: dict[str, Any], row: dict[str, Any], write: Formats) -> str:
    return write.month(row["cohort"]) if found["grain"] == "month" else write.day(row["cohort"])


def _cell(cell: dict[str, Any], top: float, write: Formats, is_money: bool) -> dict[str, Any]:
    value = cell["value"]
    is_start = not cell["period"] and value == 1  # everybody ordered then: it says nothing
    shade = 0 if not value or is_start else min(SHADES, 1 + int(value / top * (SHADES - 0.001)))
    text = write.about(cell["amount"]) if is_money else write.share(value, 0 if value == 1 else 1)
    low, high = cell.get("low"), cell.get("high")
    spoken = "" if low is None else _("%(retained)s of %(eligible)s; %(low)s to %(high)s") % {
        "retained": write.count(cell["retained"]), "eligible": write.count(cell["eligible"]), "low": write.share(low), "high": write.share(high),
    }  # fmt: skip
    return {"text": text, "shade": shade, "is_open": not cell["mature"], "about": spoken}
