"""RFM: every cell of the grid has one segment, and scores never part equal customers, in Python and in SQL."""

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from regulars.predictions import SEGMENTS, fifths, segment
from regulars.predictions.rules import rfm

PUBLISHED = {  # recency digits, frequency digits
    "Hibernating": ("12", "12"),
    "At Risk": ("12", "34"),
    "Can't Lose": ("12", "5"),
    "About to Sleep": ("3", "12"),
    "Need Attention": ("3", "3"),
    "Loyal": ("34", "45"),
    "Promising": ("4", "1"),
    "New": ("5", "1"),
    "Potential Loyalists": ("45", "23"),
    "Champions": ("5", "45"),
}


@pytest.mark.parametrize(("name", "digits"), PUBLISHED.items())
def test_the_grid_is_the_published_one(name: str, digits: tuple[str, str]) -> None:
    assert {segment(int(r), int(f)) for r in digits[0] for f in digits[1]} == {name}


def test_every_cell_has_exactly_one_segment() -> None:
    cells = [(r, f) for rs, fs in PUBLISHED.values() for r in rs for f in fs]
    assert len(cells) == len(set(cells)) == len(rfm.GRID) == 25
    assert set(rfm.GRID.values()) == set(SEGMENTS) == set(PUBLISHED)


def test_the_grid_in_sql_is_the_grid() -> None:
    rows = duckdb.sql(f"SELECT * FROM (VALUES {rfm.grid_values()}) AS grid(r, f, segment)").fetchall()
    assert {(r, f): name for r, f, name in rows} == rfm.GRID


values = st.lists(st.integers(0, 20), min_size=1, max_size=200)


@given(values)
def test_scores_follow_the_values_and_never_split_a_tie(column: list[int]) -> None:
    scores = dict(zip(column, fifths(column).tolist(), strict=True))
    assert fifths(column).tolist() == [scores[value] for value in column]
    assert [scores[value] for value in sorted(scores)] == sorted(scores.values())
    assert scores[min(column)] == 1
    assert all(1 <= score <= 5 for score in scores.values())


@given(values)
@settings(max_examples=30, deadline=None)
def test_the_score_in_sql_is_the_score(column: list[int]) -> None:
    rows = duckdb.execute(
        "SELECT (5 * (rank() OVER (ORDER BY v) - 1) // count(*) OVER () + 1)::INTEGER "
        "FROM (SELECT unnest($column) AS v, generate_subscripts($column, 1) AS place) ORDER BY place",
        {"column": column},
    ).fetchall()
    assert [score for (score,) in rows] == fifths(column).tolist()


def test_distinct_values_make_five_equal_parts() -> None:
    scores = fifths(np.random.default_rng(4).permutation(1000))
    assert np.bincount(scores)[1:].tolist() == [200] * 5


def test_one_time_buyers_score_lowest_in_frequency_though_they_are_most() -> None:
    assert fifths([1] * 60 + [2] * 25 + [3] * 15).tolist() == [1] * 60 + [4] * 25 + [5] * 15


@pytest.mark.parametrize(("m", "tier"), [(1, "low"), (2, "middle"), (4, "middle"), (5, "high")])
def test_value_is_a_tier_beside_the_segment(m: int, tier: str) -> None:
    assert rfm.value_tier(m) == tier
