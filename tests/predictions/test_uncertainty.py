"""Intervals of totals: the model's own variance, other parameters, and the back-test's error."""

import numpy as np
import pytest

from bench.shop import histories
from regulars.predictions import BgNbd, DidNotConverge, Histories, counted
from regulars.predictions.rules import uncertainty
from regulars.predictions.rules.bg_nbd import fit_histories
from regulars.predictions.rules.uncertainty import bootstrap, expected_total, total_interval, variance_per_order


@pytest.fixture(scope="module")
def shop() -> Histories:
    return counted(*histories(2_500, seed=2))


@pytest.fixture(scope="module")
def model(shop: Histories) -> BgNbd:
    return fit_histories(shop)


def lived_on(model: BgNbd, h: Histories, days: float, rng: np.random.Generator) -> np.ndarray:
    """Let one customer of each history live on for some days, and return the orders of each."""
    pace = rng.gamma(model.r + h.frequency, 1 / (model.alpha * 7 + h.T))
    leaving = rng.beta(model.a, model.b + h.frequency)
    orders, clock = np.zeros(h.T.size), np.zeros(h.T.size)
    buying = np.flatnonzero(rng.random(h.T.size) < model.p_alive(h.frequency, h.recency, h.T))
    while buying.size:
        clock[buying] += rng.exponential(1 / pace[buying])
        buying = buying[clock[buying] <= days]
        orders[buying] += 1
        buying = buying[rng.random(buying.size) > leaving[buying]]
    return orders


@pytest.mark.parametrize("days", [7, 90, 365])
def test_mean_and_variance_are_those_of_customers_who_live_on(model: BgNbd, shop: Histories, days: int) -> None:
    rng = np.random.default_rng(8)
    runs = np.array([lived_on(model, shop, days, rng) for _ in range(200)])
    mean, variance = float(runs.mean(axis=0) @ shop.counts), float(runs.var(axis=0, ddof=1) @ shop.counts)
    assert expected_total(model, shop, days) == pytest.approx(mean, rel=0.03)
    assert variance_per_order(model, shop, days) == pytest.approx(variance / mean, rel=0.1)


def test_a_wrong_back_test_widens_both_sides_by_its_error(model: BgNbd, shop: Histories) -> None:
    right, wrong = (total_interval(model, shop, 180, error) for error in (None, -0.12))
    assert (wrong.mean, wrong.low) == pytest.approx((right.mean, right.low - 0.12 * right.mean))
    assert wrong.high == pytest.approx(right.high + 0.12 * right.mean)
    assert total_interval(model, shop, 180, error=5.0).low == 0.0


def test_the_same_seed_gives_the_same_interval(model: BgNbd, shop: Histories) -> None:
    assert total_interval(model, shop, 180, seed=1) == total_interval(model, shop, 180, seed=1)
    assert total_interval(model, shop, 180, seed=1) != total_interval(model, shop, 180, seed=2)


def test_the_way_of_large_shops_agrees_with_refits(
    model: BgNbd, shop: Histories, monkeypatch: pytest.MonkeyPatch
) -> None:
    refits = total_interval(model, shop, 365)
    monkeypatch.setattr(uncertainty, "BOOTSTRAP_UP_TO", 0)
    line = total_interval(model, shop, 365)
    assert line.mean == refits.mean
    assert line.high - line.low == pytest.approx(refits.high - refits.low, rel=0.2)


@pytest.mark.slow
def test_the_interval_covers_what_comes_in_most_shops() -> None:
    """Of thirty shops that live as the model says, about nineteen of twenty totals lie in their intervals."""
    truth, covered = BgNbd(0.243, 4.414, 0.793, 2.426, 0.0, 0.0, np.eye(4)), 0
    for seed in range(30):
        customers = Histories(*histories(3_000, days=500, seed=seed), np.ones(3_000))
        known = counted(customers.frequency, customers.recency, customers.T)
        interval = total_interval(fit_histories(known), known, 120, seed=seed)
        came = lived_on(truth, customers, 120, np.random.default_rng(10_000 + seed)).sum()
        covered += interval.low <= came <= interval.high
    assert covered >= 26


def test_too_few_refits_are_an_answer_in_words(model: BgNbd) -> None:
    lonely = counted([0] * 30 + [1], [0] * 30 + [5], [40] * 31)
    with pytest.raises(DidNotConverge, match="too few"):
        bootstrap(model, lonely, 20, seed=1)
