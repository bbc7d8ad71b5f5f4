"""Rules of predictions: histories, derivatives, segments, rhythm, abstention."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from regulars.predictions import DidNotConverge, counted, fit_bg_nbd, fit_gamma_gamma
from regulars.predictions.rules import abstention
from regulars.predictions.rules.bg_nbd import Likelihood

customer = st.tuples(st.integers(0, 30), st.integers(0, 400), st.integers(0, 400)).map(
    lambda row: (row[0], min(row[1:]) if row[0] else 0, max(row[1:]))
)


@given(st.lists(customer, min_size=1, max_size=60))
@settings(max_examples=60)
def test_counting_loses_nobody(customers: list[tuple[int, int, int]]) -> None:
    rows = counted(*zip(*customers, strict=True))
    told = sorted(zip(rows.frequency, rows.recency, rows.T, rows.counts, strict=True))
    assert [(x, t, age, n) for x, t, age, n in told] == sorted((*row, customers.count(row)) for row in set(customers))
    again = counted(rows.frequency, rows.recency, rows.T, rows.counts)
    assert again.n_customers == len(customers)


@given(st.lists(customer, min_size=5, max_size=40), st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_gradient_and_hessian_agree_with_differences(customers: list[tuple[int, int, int]], place: list[float]) -> None:
    likelihood = Likelihood(counted(*zip(*customers, strict=True)))
    theta = np.add(place, [-1, 3, 0, 0])
    _, gradient, hessian = likelihood(theta)
    step = 1e-5 * np.eye(4)
    values = [(likelihood(theta + row)[0] - likelihood(theta - row)[0]) / 2e-5 for row in step]
    slopes = [(likelihood(theta + row)[1] - likelihood(theta - row)[1]) / 2e-5 for row in step]
    size = 1 + np.abs(hessian).max()
    assert np.abs(gradient - values).max() < 1e-6 * (1 + np.abs(gradient).max())
    assert np.abs(hessian - slopes).max() < 1e-6 * size


def test_a_simulated_shop_gives_its_parameters_back() -> None:
    from bench.shop import TRUTH, histories

    model = fit_bg_nbd(*histories(60_000, seed=5))
    truth = [TRUTH["r"], TRUTH["alpha"] / 7, TRUTH["a"], TRUTH["b"]]
    assert list(model.parameters.values()) == pytest.approx(truth, rel=0.1)


def test_nobody_came_back_is_an_answer_in_words() -> None:
    with pytest.raises(DidNotConverge, match="nobody has come back"):
        fit_bg_nbd([0, 0], [0, 0], [10, 20])
    with pytest.raises(DidNotConverge, match="fewer than three"):
        fit_gamma_gamma([1], [10.0])


def test_thin_data_are_refused_with_reasons() -> None:
    assert len(abstention.reasons(abstention.Evidence(5, 3, 1, 78))) == 3
    assert abstention.reasons(abstention.Evidence(500, 300, 100, 180)) == []
