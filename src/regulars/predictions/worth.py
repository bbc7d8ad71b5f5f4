"""What all customers are worth together: how value is spread, and what the year ahead should bring."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from regulars.predictions.fitted import Fitted, histories as of_everybody
from regulars.predictions.known import Known
from regulars.predictions.rules.uncertainty import expected_total
from regulars.predictions.value import value_model

STEPS = (10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


def value_distribution(known: Known) -> dict[str, Any]:
    """Return customers and net value by steps of net value per customer, quantiles, and what the best of them bring.

    Steps are round amounts around the shop's own middle; money is decimal text, a step without a lower bound has None.
    """
    quantiles = [row[0] for row in known.rows("net_quantiles")]
    if not quantiles or quantiles[0] is None:
        return {"steps": [], "quantiles": [], "top": []}
    bounds = [Decimal(step) * _unit(quantiles[2]) for step in STEPS]
    counted = {int(place): (int(customers), net) for place, customers, net in known.rows("net_values", bounds=bounds)}
    last = max(counted)
    return {
        "steps": [
            {
                "from": str(bounds[place - 1]) if place else None,
                "to": str(bounds[place]) if place < len(bounds) else None,
                "customers": counted.get(place, (0, 0))[0],
                "net": str(counted.get(place, (0, Decimal(0)))[1]),
            }
            for place in range(min(counted), last + 1)
        ],
        "quantiles": [{"share": share, "net": str(net)} for share, net in zip(QUANTILES, quantiles, strict=True)],
        "top": [{"share": float(share), "brought": brought} for share, brought in known.rows("top_shares")],
    }


def _unit(middle: Decimal) -> Decimal:
    """Return the power of ten that puts the middle customer among the first steps."""
    unit = Decimal(1)
    while middle > 500 * unit and unit < 10**8:  # the last step must fit into the lake's money
        unit *= 10
    while 0 < middle < 25 * unit and unit > Decimal("0.0001"):
        unit /= 10
    return unit


def forecast(models: Fitted, known: Known) -> dict[str, Any]:
    """Return the orders and the revenue expected of today's customers up to the end of each of the next twelve months.

    Amounts add up from the as-of day on. Every interval has the relative width of the year's, as value_model gives it; new
    customers and seasons are not foretold. Abstains with the reasons of value_model.
    """
    found = value_model(known)
    if found["abstains"] or models.model is None:
        return {"months": [], "reasons": found["reasons"] or models.reasons}
    histories = of_everybody(known)
    year, revenue = found["expected_orders"], found["expected_revenue"]
    rows = []
    for end in _month_ends(known.as_of):
        orders = expected_total(models.model, histories, (end - known.as_of).days)
        part = orders / year["mean"] if year["mean"] else 0.0
        row = {"until": end.isoformat(), "orders": orders, "low": year["low"] * part, "high": year["high"] * part}
        if revenue:
            row |= {
                f"revenue{'' if key == 'mean' else '_' + key}": revenue[key] * part for key in ("mean", "low", "high")
            }
        rows.append(row)
    return {"months": rows, "reasons": []}


def _month_ends(day: date) -> list[date]:
    """Return the last days of the twelve months after the one that a day lies in.

    >>> _month_ends(date(2024, 1, 15))[0], _month_ends(date(2024, 1, 31))[-1]
    (datetime.date(2024, 2, 29), datetime.date(2025, 1, 31))
    """
    ends, month = [], (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    for _ in range(12):
        following = (month + timedelta(days=32)).replace(day=1)
        ends.append(following - timedelta(days=1))
        month = following
    return ends
