"""Groups of customers by what they did: the RFM grid, and those who are late by their own rhythm."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

import numpy as np

from regulars.core.money import STORED_PLACES
from regulars.predictions import fitted
from regulars.predictions.known import Known
from regulars.predictions.rules import late, rfm
from regulars.predictions.rules.bg_nbd import DidNotConverge

SHOWN = 25


def rfm_summary(known: Known) -> list[dict[str, Any]]:
    """Return customers, their share and their gross for all ten segments, in the field's order; empty ones have 0."""
    found: dict[str, tuple[int, Decimal]] = dict.fromkeys(rfm.SEGMENTS, (0, Decimal(0)))
    for r, f, customers, gross in known.rows("rfm"):
        name = rfm.segment(r, f)
        found[name] = (found[name][0] + customers, found[name][1] + gross)
    everybody = sum(customers for customers, _ in found.values())
    return [
        {
            "segment": name,
            "customers": customers,
            "revenue": gross,
            "share": customers / everybody if everybody else None,
        }
        for name, (customers, gross) in found.items()
    ]


def late_customers(known: Known) -> dict[str, Any]:
    """Return the late customers, most valuable first (25 of them), their number and value, and how many are rather lost.

    Late means: 90 % of the times an active customer with this rhythm would have ordered again by now; from 99.5 % on he is
    counted as lost. Only customers with three order days or more have a rhythm. Value is gross so far.
    """
    return late_list(known, SHOWN, 0)


def late_list(known: Known, limit: int, offset: int = 0) -> dict[str, Any]:
    """Return late customers as late_customers does, `limit` of them after the first `offset`; each with late_from_days."""
    try:
        found = _late(known)
    except DidNotConverge as reason:
        return {"customers": [], "count": 0, "value": Decimal(0), "lost": 0, "reason": str(reason)}
    shown = {name: column[offset : offset + limit] for name, column in found.rows.items()}
    return {
        "customers": _listed(known, shown, found.rhythm),
        "count": len(found.rows["gross"]),
        "value": found.value,
        "lost": found.n_lost,
        "reason": None,
    }


def late_people(known: Known) -> None:
    """Lay out late_of(customer_id), the late customers, once; nobody where no rhythm can be told."""
    try:
        people = _late(known).rows["customer_id"].tolist()
    except DidNotConverge:
        people = []
    known.lay_out("late_of", people=people)


def lay_out_groups(known: Known) -> None:
    """Lay out rfm_of(customer_id, segment) and late_of(customer_id), for questions that group customers by them."""
    known.lay_out("rfm_of", {"grid": rfm.grid_values()})
    late_people(known)


@dataclass(frozen=True)
class _Late:
    """Who is late: their rows as queried, the most valuable first, with the silence from which on each is late."""

    rhythm: late.Rhythm
    rows: dict[str, Any]
    value: Decimal
    n_lost: int


def _late(known: Known) -> _Late:
    return known.once("late", lambda: _find_late(known))


def _find_late(known: Known) -> _Late:
    rhythm, rows = fitted.rhythm(known), known.arrays("rhythms")
    late_from, gone_from = (
        rhythm.silence_until(share, rows["n_gaps"], rows["sum_gaps"]) for share in (late.LATE, late.GONE)
    )
    found = np.flatnonzero((rows["silence"] >= late_from) & (rows["silence"] < gone_from))
    found = found[np.lexsort((rows["customer_id"][found], -rows["gross"][found]))]
    theirs = {name: column[found] for name, column in (*rows.items(), ("late_from", late_from))}
    return _Late(rhythm, theirs, _amount(theirs["gross"].sum()), int((rows["silence"] >= gone_from).sum()))


def _listed(known: Known, rows: dict[str, Any], rhythm: late.Rhythm) -> list[dict[str, Any]]:
    chance = rhythm.returned_by_now(rows["n_gaps"], rows["sum_gaps"], rows["silence"])
    people = [int(customer) for customer in rows["customer_id"]]
    said = {customer: about for customer, *about in known.rows("late_people", people=people)}
    return [
        {
            "customer_id": customer,
            "orders": said[customer][0],
            "last_order_on": said[customer][1].isoformat(),
            "usual_gap_days": round(float(rows["sum_gaps"][place] / rows["n_gaps"][place]), 1),
            "days_since": int(rows["silence"][place]),
            "late_from_days": ceil(rows["late_from"][place]),
            "probability": float(chance[place]),
            "value": _amount(rows["gross"][place]),
        }
        for place, customer in enumerate(people)
    ]


def _amount(units: Any) -> Decimal:
    return Decimal(int(units)).scaleb(-STORED_PLACES)
