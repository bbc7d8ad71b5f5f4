"""Predictions compared with what came, and when a model must not speak."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from regulars.predictions.rules import abstention
from regulars.predictions.rules.backtest import compare

rows = st.lists(st.tuples(st.floats(0, 50), st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=50)


@given(rows)
def test_counted_rows_compare_as_the_customers_do(table: list[tuple[float, int, int]]) -> None:
    expected, actual, counts = (np.array(column) for column in zip(*table, strict=True))
    counted = compare(expected, actual, counts)
    each = compare(np.repeat(expected, counts), np.repeat(actual, counts))
    assert (counted.expected, counted.actual, counted.mae) == pytest.approx((each.expected, each.actual, each.mae))
    if counted.correlation is not None and each.correlation is not None:
        assert counted.correlation == pytest.approx(each.correlation, abs=1e-6)


def test_the_figures_are_the_plain_ones() -> None:
    expected, actual = np.array([1.0, 2.0, 4.0]), np.array([0, 3, 3])
    found = compare(expected, actual)
    assert (found.expected, found.actual, found.mae) == (7.0, 6.0, 1.0)
    assert found.error == pytest.approx(1 / 6)
    assert found.correlation == pytest.approx(np.corrcoef(expected, actual)[0, 1])


def test_nothing_came_leaves_error_and_correlation_open() -> None:
    found = compare([1.0, 2.0], [0, 0])
    assert found.error is None
    assert found.correlation is None
    assert compare([], []).mae == 0.0


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ((5, 3, 1, 78), ["only 5 customers", "78 days long", "only 1 customers have ordered on three days"]),
        ((499, 300, 100, 180), ["only 499 customers"]),
        ((500, 300, 100, 179), ["179 days long"]),
        ((500, 300, 9, 180), ["only 9 customers have ordered on three days"]),
        ((500, 300, 10, 180), []),
    ],
)
def test_thin_data_are_refused_with_reasons(evidence: tuple[int, int, int, int], words: list[str]) -> None:
    reasons = abstention.reasons(abstention.Evidence(*evidence))
    assert len(reasons) == len(words)
    assert all(part in reason for part, reason in zip(words, reasons, strict=True))


@pytest.mark.parametrize(
    ("name", "value", "refused"), [("r", 1e-4, True), ("alpha", 2e4, True), ("a", 1e-5, True), ("b", 2.4, False)]
)
def test_a_model_at_its_edge_is_refused_with_reasons(name: str, value: float, refused: bool) -> None:
    reasons = abstention.reasons_of_model({"r": 0.24, "alpha": 4.4, "a": 0.8, "b": 2.4} | {name: value})
    assert [name in reason for reason in reasons] == [True] * refused
