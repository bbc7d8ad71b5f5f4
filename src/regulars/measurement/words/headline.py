"""The report in one sentence."""

from collections.abc import Mapping
from typing import Any

PER = 1_000


def headline(report: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the sentence on top, and the name of the window it speaks about.

    >>> window = {"name": "within_56_days", "eligible": 2357, "retained": 576, "rate": 0.244378}
    >>> headline({"totals": {"orders": 1, "customers": 1}, "retention": [window]})["text"]
    '244 of 1,000 first buyers came back within eight weeks'
    """
    totals = report["totals"]
    if not totals["orders"]:
        until = f" up to {report['as_of']}" if report.get("as_of") else ""
        return {"text": f"No orders yet{until}: import your order history to begin", "metric": None}
    if not totals["customers"]:
        return {"text": f"{totals['orders']:,} orders, but none says who ordered", "metric": None}
    window = next(row for row in report["retention"] if row["name"] == "within_56_days")
    if not window["eligible"]:
        who = "1 customer" if totals["customers"] == 1 else f"{totals['customers']:,} customers"
        return {"text": f"{who} so far, none of them watched for eight weeks yet", "metric": None}
    some, of = window["retained"], window["eligible"]
    if of >= PER:
        some, of = round(window["rate"] * PER), PER
    people = "first buyer" if of == 1 else "first buyers"
    return {"text": f"{some:,} of {of:,} {people} came back within eight weeks", "metric": window["name"]}
