"""The draw gives the published lots, divides as asked, and one draw says nothing about another."""

import numpy as np
import pytest

from regulars.experiments import api as experiments

HOLDOUT, WINBACK = "regulars/holdout/2025Q1", "regulars/journey/winback/1"


def test_the_published_lots() -> None:
    units = ["u1", "u2", "customer-42", "Ünïcode"]
    assert [round(float(u), 6) for u in experiments.uniforms(HOLDOUT, units)] == [
        0.567476,
        0.584751,
        0.026890,
        0.271055,
    ]
    assert experiments.buckets(HOLDOUT, units).tolist() == [6930, 7173, 10, 9910]


def test_a_hundred_thousand_units_fall_as_published() -> None:
    held, won = (experiments.uniforms(salt, range(100_000)) for salt in (HOLDOUT, WINBACK))
    assert int((held < 0.05).sum()) == 5_017
    assert int(((held < 0.05) & (won < 0.1)).sum()) == 552
    assert round(float(np.corrcoef(held, won)[0, 1]), 4) == -0.0010


def test_shares_are_met_and_every_unit_has_one_arm() -> None:
    arms = experiments.assign("split", range(50_000), [0.5, 0.3, 0.2])
    assert np.bincount(arms) / 50_000 == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    assert arms.tolist()[:100] == experiments.assign("split", [str(n) for n in range(100)], [0.5, 0.3, 0.2]).tolist()


def test_the_first_arm_stays_when_later_ones_are_divided_anew() -> None:
    before = experiments.assign("split", range(10_000), [0.4, 0.6])
    after = experiments.assign("split", range(10_000), [0.4, 0.1, 0.5])
    assert ((before == 0) == (after == 0)).all()


def test_nobody_draws_an_arm_of_no_share() -> None:
    assert set(experiments.assign("split", range(5_000), [0.0, 1.0, 0.0]).tolist()) == {1}
    assert experiments.assign("split", [], [1.0]).tolist() == []


@pytest.mark.parametrize("shares", [[], [0.5], [0.6, 0.6], [1.5, -0.5]])
def test_shares_that_do_not_divide_everybody_are_refused(shares: list[float]) -> None:
    with pytest.raises(experiments.BadShares, match="make 1"):
        experiments.assign("split", ["a"], shares)
