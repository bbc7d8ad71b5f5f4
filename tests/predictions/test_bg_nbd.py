"""BG/NBD against the textbook formula, many-digit arithmetic and any data at all."""

from contextlib import suppress

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray
from scipy.special import gammaln

from bench.shop import TRUTH, histories
from regulars.predictions import BgNbd, DidNotConverge, Histories, counted, fit_bg_nbd
from regulars.predictions.rules import bg_nbd
from regulars.predictions.rules.likelihood import Likelihood

customer = st.tuples(st.integers(0, 30), st.integers(0, 400), st.integers(0, 400)).map(
    lambda row: (row[0], min(row[1:]) if row[0] else 0, max(row[1:]))
)
customers = st.lists(customer, min_size=1, max_size=60)
parameters = st.tuples(st.floats(0.05, 20), st.floats(0.1, 50), st.floats(0.05, 10), st.floats(0.05, 20))


def textbook(theta: tuple[float, ...], columns: tuple[NDArray[np.int64], ...]) -> float:
    """Return the log-likelihood as it is written in the paper (equation 6), in weeks, customer by customer."""
    r, alpha, a, b = theta
    x, t_x, age = (column / divisor for column, divisor in zip(columns, (1, 7, 7), strict=True))
    gammas = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x)
    gammas = gammas - gammaln(b) - gammaln(a + b + x)
    stayed = -(r + x) * np.log(alpha + age)
    left = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    return float((gammas + np.where(x > 0, np.logaddexp(stayed, left), stayed)).sum())


@pytest.fixture(scope="module")
def shop() -> tuple[NDArray[np.int64], ...]:
    return histories(20_000, seed=5)


@pytest.fixture(scope="module")
def model(shop: tuple[NDArray[np.int64], ...]) -> BgNbd:
    return fit_bg_nbd(*shop)


def test_the_log_likelihood_is_the_textbooks_in_weeks_and_at_its_maximum(
    model: BgNbd, shop: tuple[NDArray[np.int64], ...]
) -> None:
    place = np.array(list(model.parameters.values()))
    assert model.log_likelihood == pytest.approx(textbook(tuple(place), shop), abs=1e-5)
    for side in 0.003 * np.vstack([np.eye(4), -np.eye(4)]):
        assert textbook(tuple(place * np.exp(side)), shop) < model.log_likelihood


def test_a_simulated_shop_gives_its_parameters_back(model: BgNbd) -> None:
    truth = np.log([TRUTH["r"], TRUTH["alpha"], TRUTH["a"], TRUTH["b"]])
    off = (model.log_parameters - truth) / np.sqrt(np.diag(model.laplace))
    assert np.abs(off).max() < 3.5


def test_another_unit_of_time_moves_alpha_and_the_log_likelihood_only(shop: tuple[NDArray[np.int64], ...]) -> None:
    x, t_x, age = (column[:5000] for column in shop)
    days, weeks = fit_bg_nbd(x, t_x, age), fit_bg_nbd(x, t_x * 7, age * 7)
    assert (weeks.r, weeks.alpha, weeks.a, weeks.b) == pytest.approx((days.r, days.alpha * 7, days.a, days.b), rel=1e-6)
    assert weeks.log_likelihood == pytest.approx(days.log_likelihood - x.sum() * np.log(7), abs=1e-6)


def test_counted_histories_fit_as_the_customers_do(model: BgNbd, shop: tuple[NDArray[np.int64], ...]) -> None:
    h = counted(*shop)
    again = fit_bg_nbd(h.frequency, h.recency, h.T, h.counts)
    assert again.parameters == pytest.approx(model.parameters, rel=1e-12)
    mixed = np.random.default_rng(1).permutation(h.counts.size)
    shuffled = fit_bg_nbd(h.frequency[mixed], h.recency[mixed], h.T[mixed], h.counts[mixed])
    assert shuffled.parameters == pytest.approx(model.parameters, rel=1e-9)


@given(customers)
@settings(max_examples=60)
def test_counting_loses_nobody(people: list[tuple[int, int, int]]) -> None:
    rows = counted(*zip(*people, strict=True))
    told = sorted(zip(rows.frequency, rows.recency, rows.T, rows.counts, strict=True))
    assert list(told) == sorted((*row, people.count(row)) for row in set(people))
    again = counted(rows.frequency, rows.recency, rows.T, rows.counts)
    assert again.n_customers == len(people)


def test_impossible_histories_are_refused() -> None:
    for column in ([1], [9], [5]), ([1], [-1], [5]), ([-1], [0], [5]):
        with pytest.raises(ValueError, match="history needs"):
            counted(*column)


@given(customers, st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_gradient_and_hessian_agree_with_differences(people: list[tuple[int, int, int]], place: list[float]) -> None:
    likelihood = Likelihood(counted(*zip(*people, strict=True)))
    theta = np.add(place, [-1, 3, 0, 0])
    _, gradient, hessian = likelihood(theta)
    step = 1e-5 * np.eye(4)
    values = [(likelihood(theta + row)[0] - likelihood(theta - row)[0]) / 2e-5 for row in step]
    slopes = [(likelihood(theta + row)[1] - likelihood(theta - row)[1]) / 2e-5 for row in step]
    assert np.abs(gradient - values).max() < 1e-6 * (1 + np.abs(gradient).max())
    assert np.abs(hessian - slopes).max() < 1e-6 * (1 + np.abs(hessian).max())


@given(customers, st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_scores_add_up_to_the_gradient(people: list[tuple[int, int, int]], place: list[float]) -> None:
    theta = np.add(place, [-1, 3, 0, 0])
    each = [Likelihood(counted(*zip(person, strict=True)))(theta)[1] for person in people]
    filling = Likelihood(counted(*zip(*people, strict=True))).scores(theta)
    assert np.allclose(filling, np.einsum("ni,nj->ij", each, each), rtol=1e-9, atol=1e-9)


@given(customers)
@settings(max_examples=80, deadline=None)
def test_any_customers_give_a_model_or_an_answer_in_words(people: list[tuple[int, int, int]]) -> None:
    with suppress(DidNotConverge):
        found = fit_bg_nbd(*zip(*people, strict=True))
        assert np.isfinite(found.log_likelihood)
        assert min(found.parameters.values()) > 0
        assert np.linalg.eigvalsh(found.laplace)[0] > 0


def test_nobody_came_back_is_an_answer_in_words() -> None:
    for people in ([0, 0], [0, 0], [10, 20]), ([], [], []):
        with pytest.raises(DidNotConverge, match="nobody has come back"):
            fit_bg_nbd(*people)


def exact(theta: tuple[float, ...], person: tuple[int, int, int], days: int) -> float:
    """Return equation 10 with sixty digits, a hair beside a = 1 when it is 1."""
    with mpmath.workdps(60):
        r, alpha, a, b = (mpmath.mpf(value) for value in theta)
        a += mpmath.mpf(10) ** -25
        x, t_x, age, t = (mpmath.mpf(value) / part for value, part in zip((*person, days), (1, 7, 7, 7), strict=True))
        series = mpmath.hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
        inner = ((alpha + age) / (alpha + age + t)) ** (r + x) * series
        odds = a / (b + x - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x) if x else mpmath.mpf(0)
        return float((a + b + x - 1) / (a - 1) * (1 - inner) / (1 + odds))


@given(parameters, customer, st.integers(1, 4000))
@settings(max_examples=60, deadline=None)
def test_expected_orders_agree_with_many_digit_arithmetic(
    theta: tuple[float, ...], person: tuple[int, int, int], days: int
) -> None:
    fitted = BgNbd(*theta, 0.0, 0.0, np.eye(4))
    assert fitted.expected_purchases(days, *person) == pytest.approx(exact(theta, person, days), rel=1e-7)


@pytest.mark.parametrize("gap", [0.0, 1e-9, -1e-7, 9e-6, 1.1e-5, -2e-4])
def test_a_equal_to_one_is_no_hole(gap: float) -> None:
    theta = (0.243, 4.414, 1.0 + gap, 2.426)
    fitted = BgNbd(*theta, 0.0, 0.0, np.eye(4))
    assert fitted.expected_purchases(273, 2, 213, 272) == pytest.approx(exact(theta, (2, 213, 272), 273), rel=1e-9)


@given(parameters, customers, st.integers(1, 4000))
@settings(max_examples=40, deadline=None)
def test_predictions_make_sense(theta: tuple[float, ...], people: list[tuple[int, int, int]], days: int) -> None:
    fitted, columns = BgNbd(*theta, 0.0, 0.0, np.eye(4)), [np.array(column) for column in zip(*people, strict=True)]
    alive = fitted.p_alive(*columns)
    assert np.all((alive >= 0) & (alive <= 1))
    assert np.all(alive[columns[0] == 0] == 1)
    near, far = (fitted.expected_purchases(span, *columns) for span in (days, 2 * days))
    assert np.all(near >= 0)
    assert np.all(far >= near * (1 - 1e-9))
    one_by_one = [float(fitted.expected_purchases(days, *person)) for person in people]
    assert near == pytest.approx(one_by_one, rel=1e-9, abs=1e-300)
    with_fractions = fitted.expected_purchases(days, columns[0], columns[1].astype(float), columns[2].astype(float))
    assert near == pytest.approx(with_fractions, rel=1e-9, abs=1e-300)
    assert fitted.expected_repeat_purchases(days) == pytest.approx(float(fitted.expected_purchases(days, 0, 0, 0)))


def test_very_frequent_customers_of_long_ago_are_predicted_by_another_table(model: BgNbd) -> None:
    x, t_x, age = np.array([0, 5, 9000]), np.array([0, 900, 9900]), np.array([9000, 1000, 9999])
    assert x.max() * age.max() > 10 * bg_nbd.ROOM
    one_by_one = [float(model.expected_purchases(90.5, *person)) for person in zip(x, t_x, age, strict=True)]
    assert model.expected_purchases(90.5, x, t_x, age) == pytest.approx(one_by_one, rel=1e-9)
    assert model.expected_purchases(90.5, x, t_x, age.astype(float)) == pytest.approx(one_by_one, rel=1e-9)


def test_an_empty_list_of_customers_gets_an_empty_prediction(model: BgNbd) -> None:
    empty = np.zeros(0, np.int64)
    assert model.expected_purchases(30, empty, empty, empty).size == 0


def test_a_hundred_customers_more_of_one_kind_are_a_count(shop: tuple[NDArray[np.int64], ...]) -> None:
    h = counted(*shop)
    more = Histories(h.frequency, h.recency, h.T, h.counts * 100)
    many = Likelihood(more)(np.log([0.3, 30, 0.8, 2.0]))
    once = Likelihood(h)(np.log([0.3, 30, 0.8, 2.0]))
    assert many[0] == pytest.approx(100 * once[0], rel=1e-12)
