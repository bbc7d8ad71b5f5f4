"""The models of a shop, fitted once and asked about single customers."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from scipy.special import betainc, betaincinv

from regulars.predictions import backtest
from regulars.predictions.known import Known
from regulars.predictions.rules import abstention, late, rfm
from regulars.predictions.rules.bg_nbd import BgNbd, DidNotConverge, fit_histories
from regulars.predictions.rules.gamma_gamma import GammaGamma
from regulars.predictions.rules.histories import Histories

HORIZON_DAYS = 365
NEXT_BETWEEN = (0.25, 0.75)  # of the times an active customer would have ordered by then
TINY = 1e-100  # of a probability: below it the inverse has no digits left


@dataclass(frozen=True)
class Fitted:
    """The value model and the rhythm, each None with its reasons when the shop's past does not carry it."""

    model: BgNbd | None
    spending: GammaGamma | None
    reasons: list[str]
    rhythm: late.Rhythm | None
    rhythm_reason: str | None


def fitted(known: Known) -> Fitted:
    """Fit both models to everybody, once; takes a second or less at a million customers."""
    model, reasons = model_of_value(known)
    spending = None if model is None else model_of_spending(known)
    try:
        return Fitted(model, spending, reasons, rhythm(known), None)
    except DidNotConverge as reason:
        return Fitted(model, spending, reasons, None, str(reason))


def rhythm(known: Known) -> late.Rhythm:
    """Fit the shop's rhythm, once; raises DidNotConverge."""
    return known.once("rhythm", lambda: late.fit_rhythm(**known.arrays("shop_rhythm")))


def model_of_value(known: Known) -> tuple[BgNbd | None, list[str]]:
    """Fit the value model, once: the model, or None with the reasons why the shop's past does not carry one."""
    return known.once("model of value", lambda: _model_of_value(known))


def model_of_spending(known: Known) -> GammaGamma | None:
    """Fit the order values' model, once; None where too few customers came back for one."""
    return known.once("model of spending", lambda: backtest.spending(known.arrays("spending")))


def histories(known: Known) -> Histories:
    """Return everybody's distinct histories."""
    return known.once("histories", lambda: backtest.histories(known.arrays("histories")))


def _model_of_value(known: Known) -> tuple[BgNbd | None, list[str]]:
    reasons = abstention.reasons(abstention.Evidence(*known.rows("evidence")[0]))
    if reasons:
        return None, reasons
    try:
        model = fit_histories(histories(known))
    except DidNotConverge as reason:
        return None, [f"the model does not fit this shop: {reason}"]
    reasons = abstention.reasons_of_model(model.parameters)
    return (None, reasons) if reasons else (model, [])


def outlook(models: Fitted, known: Known, customer: int) -> dict[str, Any] | None:
    """Return what is expected of one customer, with the numbers that it rests on; None for one without an order.

    value: p_alive, orders and revenue expected in 365 days. rhythm: the usual gap, the silence, from when on it is late, and
    between which days from now half of those who are still active would order.
    """
    rows = known.rows("one_life", customer=customer)
    if not rows:
        return None
    frequency, recency, age, mean_value = rows[0]
    known.lay_out("rfm_of", {"grid": rfm.grid_values()})
    segment = known.rows("segment_of", customer=customer)
    return {
        "customer_id": customer,
        "order_days": frequency + 1,
        "days_known": age,
        "days_since": age - recency,
        "segment": segment[0][0] if segment else None,
        "value": _worth(models, (frequency, recency, age), float(mean_value)),
        "value_reasons": models.reasons,
        "rhythm": _rhythm(models.rhythm, frequency, recency, age - recency),
        "rhythm_reason": models.rhythm_reason
        or ("three order days make a rhythm" if frequency < late.RHYTHM_FROM else None),
    }


def _worth(models: Fitted, life: tuple[int, int, int], mean_value: float) -> dict[str, float | None] | None:
    if models.model is None:
        return None
    columns = [np.array([value]) for value in life]
    orders = float(models.model.expected_purchases(HORIZON_DAYS, *columns)[0])
    each = None if models.spending is None else float(models.spending.expected_value(life[0], mean_value))
    return {
        "horizon_days": HORIZON_DAYS,
        "p_alive": float(models.model.p_alive(*columns)[0]),
        "expected_orders": orders,
        "expected_order_value": each,
        "expected_revenue": None if each is None else orders * each,
    }


def _rhythm(rhythm: late.Rhythm | None, gaps: int, sum_gaps: int, silence: int) -> dict[str, Any] | None:
    if rhythm is None or gaps < late.RHYTHM_FROM:
        return None
    returned = float(rhythm.returned_by_now([gaps], [sum_gaps], [silence])[0])
    late_from, gone_from = (
        float(rhythm.silence_until(share, [gaps], [sum_gaps])[0]) for share in (late.LATE, late.GONE)
    )
    state = "lost" if silence >= gone_from else "late" if silence >= late_from else "in_time"
    return {
        "usual_gap_days": sum_gaps / gaps,
        "returned_by_now": returned,
        "late_from_days": ceil(late_from),
        "lost_from_days": ceil(gone_from),
        "still_active": float(rhythm.active([gaps], [sum_gaps], [silence])[0]),
        "next_in_days": [round(_ahead(rhythm, gaps, sum_gaps, silence, share)) for share in NEXT_BETWEEN],
        "state": state,
    }


def _ahead(rhythm: late.Rhythm, gaps: int, sum_gaps: int, silence: int, share: float) -> float:
    """Return in how many days from now a share of those who are still active would have ordered.

    By the tail 1 - F(u) = I[y](r + k n, k) with y = (alpha + s) / (u + alpha + s), for after a long silence F is 1 to floating
    point; where even the tail is nothing it goes as y to the power of r + k n.

    >>> round(_ahead(late.Rhythm(4.0, 2.0, 60.0, 0.1), 3, 90, 0, 0.5)), _ahead(late.Rhythm(9, 9, 1, 0.1), 99, 99, 9999, 0.5) > 0
    (40, True)
    """
    power, past = rhythm.r + rhythm.k * gaps, rhythm.alpha + sum_gaps
    now = past / (past + silence)
    left = float(betainc(power, rhythm.k, now))
    then = betaincinv(power, rhythm.k, left * (1 - share)) if left > TINY else now * (1 - share) ** (1 / power)
    return past / float(then) - past - silence
