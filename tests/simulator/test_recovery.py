"""The truth of made shops is found again by the predictions, within the intervals they give."""

from pathlib import Path

import pytest

from regulars.simulator import api as simulator
from tests.conftest import TEST_DATABASE_URL
from tests.simulator.recovery import UNTIL, shares

# A refit to customers drawn with replacement may run to the model's edge; the model itself did not.
pytestmark = pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")


@pytest.mark.slow
@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="only on SQLite: there is no database in it")
def test_the_truth_of_thirty_shops_is_found_again(tmp_path: Path) -> None:
    held = shares(tmp_path, range(1, 31))  # a hundred are asked by `python -m bench case_recovery`
    assert all(share >= 0.9 for share in held.values()), held


def test_the_expected_orders_are_those_that_come(tmp_path: Path) -> None:
    simulator.write(simulator.Plan(until=UNTIL, customers=20_000, seed=9), tmp_path)
    told = simulator.truth(tmp_path)
    assert told["orders_next_365_days"] == pytest.approx(told["expected_orders_next_365_days"], rel=0.03)


def test_carriers_are_as_late_as_they_are_made(tmp_path: Path) -> None:
    simulator.write(simulator.Plan(until=UNTIL, customers=20_000, seed=9), tmp_path)
    for carrier in simulator.truth(tmp_path)["carriers"]:
        spread = 4 * (carrier["late_share"] * (1 - carrier["late_share"]) / carrier["parcels"]) ** 0.5
        assert abs(carrier["late_share_seen"] - carrier["late_share"]) <= spread
