"""Gamma-Gamma against the textbook formula, and on order values that do not fit it."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray
from scipy.special import gammaln

from regulars.predictions import DidNotConverge, GammaGamma, fit_gamma_gamma

Floats = NDArray[np.float64]


def textbook(theta: Floats, x: Floats, m: Floats) -> float:
    """Return the log-likelihood as it is written (Fader and Hardie, note 025, equation 1a), customer by customer."""
    p, q, v = theta
    gammas = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
    return float((gammas + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(x * m + v)).sum())


def spenders(n: int = 5_000, seed: int = 3) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = rng.geometric(0.4, n).astype(float)
    nu = rng.gamma(3.7, 1 / 15.4, n)
    return x, rng.gamma(6.25 * x, 1 / (nu * x))


def place(model: GammaGamma) -> Floats:
    return np.array([model.p, model.q, model.v])


def test_the_fit_is_at_the_textbooks_maximum() -> None:
    x, m = spenders()
    model = fit_gamma_gamma(x, m)
    assert model.log_likelihood == pytest.approx(textbook(place(model), x, m), abs=1e-6)
    for side in 0.01 * np.vstack([np.eye(3), -np.eye(3)]):
        assert textbook(place(model) * np.exp(side), x, m) < model.log_likelihood


def test_simulated_spenders_give_their_parameters_back() -> None:
    assert place(fit_gamma_gamma(*spenders(50_000))) == pytest.approx([6.25, 3.7, 15.4], rel=0.08)


def test_another_currency_moves_v_and_the_log_likelihood_only() -> None:
    x, m = spenders()
    euros, cents = fit_gamma_gamma(x, m), fit_gamma_gamma(x, m * 100)
    assert place(cents) == pytest.approx(place(euros) * [1, 1, 100], rel=1e-5)
    assert cents.log_likelihood == pytest.approx(euros.log_likelihood - x.size * np.log(100), abs=1e-6)


def test_counted_values_fit_as_the_customers_do() -> None:
    x, m = spenders(500)
    twice = fit_gamma_gamma(np.tile(x, 2), np.tile(m, 2))
    counted = fit_gamma_gamma(x, m, np.full(x.size, 2))
    assert place(counted) == pytest.approx(place(twice), rel=1e-7)
    assert counted.correlation == pytest.approx(twice.correlation)
    assert counted.n_customers == twice.n_customers == 1000


def test_an_expected_value_lies_between_the_customers_own_and_everybodys() -> None:
    model = fit_gamma_gamma(*spenders())
    everybody = model.population_mean
    expected = model.expected_value([0, 1, 1, 50], [0, 5.0, 5 * everybody, 5.0])
    assert expected[0] == pytest.approx(everybody)
    assert 5 < expected[3] < expected[1] < everybody < expected[2] < 5 * everybody


def test_frequent_customers_who_spend_more_are_flagged() -> None:
    x, m = spenders()
    assert fit_gamma_gamma(x, m).independent
    assert not fit_gamma_gamma(x, m * x).independent


def test_order_values_without_a_mean_are_refused() -> None:
    rng = np.random.default_rng(5)
    x = rng.geometric(0.3, 5000)
    with pytest.raises(DidNotConverge, match="very large orders"):
        fit_gamma_gamma(x, rng.gamma(5 * x, 1 / (x * rng.gamma(0.6, 1, 5000))))


def test_too_few_or_impossible_values_are_refused() -> None:
    with pytest.raises(DidNotConverge, match="fewer than three"):
        fit_gamma_gamma([1], [10.0])
    with pytest.raises(ValueError, match="above zero"):
        fit_gamma_gamma([1, 1, 2], [10.0, 0.0, 5.0])


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0.01, 1e5)), min_size=3, max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_values_give_a_model_or_an_answer_in_words(rows: list[tuple[int, float]]) -> None:
    x, m = zip(*rows, strict=True)
    with suppress(DidNotConverge):
        model = fit_gamma_gamma(x, m)
        assert np.all(np.isfinite(place(model)))
        assert np.all(place(model) > 0)
        assert np.all(np.isfinite(model.expected_value(x, m)))


@pytest.mark.parametrize("value", [20.0, 19.99])
def test_one_price_for_all_is_an_answer_in_words_or_that_price(value: float) -> None:
    x = np.arange(1, 31)
    with suppress(DidNotConverge):
        model = fit_gamma_gamma(x, np.full(30, value))
        assert model.expected_value(5, value) == pytest.approx(value, rel=0.05)
