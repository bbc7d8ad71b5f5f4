"""Groups of customers by what they did: the RFM grid, and those who are late by their own rhythm."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from regulars.core import sql
from regulars.core.lake.moment import Moment
from regulars.predictions.rules import late, rfm
from regulars.predictions.rules.bg_nbd import DidNotConverge

SHOWN = 25


def rfm_summary(moment: Moment, as_of: date) -> list[dict[str, Any]]:
    """Return customers and gross of all ten segments, in the field's order; empty ones are there with 0."""
    found: dict[str, tuple[int, Decimal]] = dict.fromkeys(rfm.SEGMENTS, (0, Decimal(0)))
    for r, f, customers, gross in moment.rows(sql.load("regulars.predictions")["rfm"], as_of=as_of):
        name = rfm.segment(r, f)
        found[name] = (found[name][0] + customers, found[name][1] + gross)
    everybody = sum(customers for customers, _ in found.values())
    return [
        {"segment": name, "customers": customers, "revenue": gross, "share": customers / everybody if everybody else None}
        for name, (customers, gross) in found.items()
    ]


def late_customers(moment: Moment, as_of: date) -> dict[str, Any]:
    """Return the late customers, most valuable first (25 of them), their number and value, and how many are rather lost.

    Late means: 90 % of the times an active customer with this rhythm would have ordered again by now; from 99.5 % on he is
    counted as lost. Only customers with three order days or more have a rhythm.
    """
    nobody = {"customers": [], "count": 0, "value": Decimal(0), "lost": 0, "reason": None}
    rows = moment.arrays(sql.load("regulars.predictions")["rhythms"], as_of=as_of)
    try:
        rhythm = late.fit_rhythm(rows["n_gaps"], rows["sum_gaps"], rows["log_gaps"])
    except DidNotConverge as reason:
        return nobody | {"reason": str(reason)}
    chance = rhythm.returned_by_now(rows["n_gaps"], rows["sum_gaps"], rows["silence"])
    is_late = (chance >= late.LATE) & (chance < late.GONE)
    order = np.flatnonzero(is_late)
    order = order[np.lexsort((rows["customer_id"][order], -rows["gross"][order]))]
    top = order[:SHOWN]
    people = [int(number) for number in rows["customer_id"][top]]
    shown = {row[0]: row[1:] for row in moment.rows(sql.load("regulars.predictions")["late_people"], as_of=as_of, people=people)}
    listed = []
    for place, customer in zip(top, people, strict=True):
        orders, last, gross = shown[customer]
        listed.append(
            {
                "customer_id": customer,
                "orders": orders,
                "last_order_on": last.isoformat(),
                "usual_gap_days": round(float(rows["sum_gaps"][place] / rows["n_gaps"][place]), 1),
                "days_since": int(rows["silence"][place]),
                "probability": float(chance[place]),
                "value": gross,
            }
        )
    value = Decimal(str(round(float(rows["gross"][order].sum()), 2)))
    return nobody | {"customers": listed, "count": len(order), "value": value, "lost": int((chance >= late.GONE).sum())}
