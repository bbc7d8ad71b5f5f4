"""Late by their own rhythm, on shops whose rhythm is known."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from regulars.predictions import DidNotConverge, Rhythm, fit_rhythm
from regulars.predictions.rules import late

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shop:
    """Customers as fit_rhythm takes them, and who of them has lapsed in truth."""

    n_gaps: Floats
    sum_gaps: Floats
    log_gaps: Floats
    silence: Floats
    lapsed: NDArray[np.bool_]

    def fitted(self) -> Rhythm:
        return fit_rhythm(self.n_gaps, self.sum_gaps, self.log_gaps, self.silence)


def shop(truth: Rhythm, n: int = 20_000, days: int = 730, seed: int = 1) -> Shop:
    """Let n customers buy in whole days as the rhythm says, first days spread evenly over two years."""
    rng = np.random.default_rng(seed)
    left = days - rng.uniform(0, days, n)
    pace = rng.gamma(truth.r, 1 / truth.alpha, n)
    n_gaps, sum_gaps, log_gaps = np.zeros((3, n))
    lapsed, buying = np.zeros(n, bool), np.arange(n)
    while buying.size:
        stops = rng.random(buying.size) < truth.lapse
        lapsed[buying[stops]] = True
        buying = buying[~stops]
        gap = np.maximum(1, np.round(rng.gamma(truth.k, 1 / pace[buying])))
        in_time = sum_gaps[buying] + gap <= left[buying]
        buying, gap = buying[in_time], gap[in_time]
        n_gaps[buying] += 1
        sum_gaps[buying] += gap
        log_gaps[buying] += np.log(gap)
    return Shop(n_gaps, sum_gaps, log_gaps, np.floor(left - sum_gaps), lapsed)


TRUTHS = [Rhythm(4.0, 3.0, 60.0, 0.15), Rhythm(1.0, 2.0, 60.0, 0.2), Rhythm(2.2, 4.0, 400.0, 0.1)]


@pytest.mark.parametrize("truth", TRUTHS, ids=["regular", "irregular", "slow"])
def test_a_shop_gives_its_rhythm_back_though_the_long_gaps_have_not_ended(truth: Rhythm) -> None:
    found = shop(truth).fitted()
    assert found.k == pytest.approx(truth.k, rel=0.1)
    assert found.alpha / found.r == pytest.approx(truth.alpha / truth.r, rel=0.12)
    assert found.lapse == pytest.approx(truth.lapse, abs=0.03)


@pytest.mark.parametrize("truth", TRUTHS[:2], ids=["regular", "irregular"])
def test_of_those_said_to_be_active_with_some_probability_as_many_are(truth: Rhythm) -> None:
    customers = shop(truth)
    active = customers.fitted().active(customers.n_gaps, customers.sum_gaps, customers.silence)
    rhythm = customers.n_gaps >= late.RHYTHM_FROM
    for low in (0.0, 0.2, 0.4, 0.6):
        some = rhythm & (active >= low) & (active < low + 0.2)
        assert np.mean(~customers.lapsed[some]) == pytest.approx(active[some].mean(), abs=0.07)


def test_few_active_customers_are_called_late_and_most_lapsed_ones_are() -> None:
    customers = shop(TRUTHS[0])
    chance = customers.fitted().returned_by_now(customers.n_gaps, customers.sum_gaps, customers.silence)
    rhythm = customers.n_gaps >= late.RHYTHM_FROM
    assert np.mean(chance[rhythm & ~customers.lapsed] >= late.LATE) < 0.1
    assert np.mean(chance[rhythm & customers.lapsed] >= late.LATE) > 0.5


def test_a_customer_with_short_gaps_is_late_sooner() -> None:
    often, seldom = TRUTHS[0].returned_by_now([5, 5], [35, 350], [40, 40])
    assert often > late.LATE > seldom


@given(
    st.integers(2, 40),
    st.integers(2, 3000),
    st.lists(st.integers(0, 4000), min_size=2, max_size=20, unique=True),
    st.tuples(st.floats(0.3, 20), st.floats(0.3, 20), st.floats(1, 2000), st.floats(0.01, 0.9)),
)
def test_longer_silence_only_makes_later(n: int, total: int, days: list[int], shape: tuple[float, ...]) -> None:
    rhythm, silences = Rhythm(*shape), np.sort(days)
    chance = rhythm.returned_by_now(n, total, silences)
    assert np.all(np.diff(chance) >= 0)
    assert np.all((chance >= 0) & (chance <= 1))
    active = rhythm.active(n, total, silences)
    assert np.all(np.diff(active) <= 0)
    assert np.all((active >= 0) & (active <= 1))


def test_a_shop_without_repeats_has_no_rhythm() -> None:
    with pytest.raises(DidNotConverge, match="fewer than twenty"):
        fit_rhythm(np.zeros(100), np.zeros(100), np.zeros(100), np.arange(100))


def test_gaps_all_alike_are_a_strict_rhythm_or_an_answer_in_words() -> None:
    n, k = np.full(200, 5.0), 0.0
    with suppress(DidNotConverge):
        k = fit_rhythm(n, n * 30, n * np.log(30), np.full(200, 10.0)).k
    assert k == 0.0 or k > 10


def test_customers_who_are_all_alike_have_a_rhythm_too() -> None:
    found = shop(Rhythm(4.0, 1e6, 2e7, 0.1), n=2_000).fitted()
    assert found.k == pytest.approx(4.0, rel=0.1)
    assert found.alpha / found.r == pytest.approx(20.0, rel=0.1)


def test_the_slopes_of_the_likelihood_are_its_slopes() -> None:
    one = shop(TRUTHS[2], n=500)
    columns = (one.n_gaps, one.sum_gaps / 50, one.log_gaps - one.n_gaps * np.log(50), one.silence / 50)
    theta = np.array([0.4, 0.9, 1.2, -1.0, -2.0])
    _, slopes = late._negative(theta, columns)
    for place, step in enumerate(np.eye(5) * 1e-5):
        up, down = (late._negative(theta + sign * step, columns)[0] for sign in (1, -1))
        assert (up - down) / 2e-5 == pytest.approx(slopes[place], rel=1e-4, abs=1e-7)
