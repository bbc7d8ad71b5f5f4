"""The report's back-test on CDNOW gives the published figures (Fader, Hardie and Lee 2005, Marketing Science 24(2), table 2)."""

from decimal import Decimal
from typing import Any

import pytest

from regulars.measurement.api import Question
from tests.golden.cdnow import CALIBRATION_END, LAST_DAY, order_days
from tests.measurement.stand_in import Order, reported


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    orders = [
        Order(customer, day, Decimal(f"{spent:.2f}"))
        for customer, days in order_days().items()
        for day, spent in days.items()
    ]
    value_model: dict[str, Any] = reported(orders, Question(LAST_DAY, (), CALIBRATION_END))["value_model"]
    return value_model


def test_the_model_speaks_up(model: dict[str, Any]) -> None:
    assert (model["abstains"], model["model"], model["unit"], model["reasons"]) == (False, "BG/NBD", "week", [])
    assert set(model["parameters"]) == {"r", "alpha", "a", "b"}
    for name, value in model["parameters"].items():
        low, high = model["intervals"][name]
        assert low < value < high
    for name in ("expected_orders", "expected_revenue"):
        span = {key: float(value) for key, value in model[name].items()}
        assert 0 < span["low"] < span["mean"] < span["high"]


def test_the_backtest_has_its_own_parameters(model: dict[str, Any]) -> None:
    test = model["backtest"]
    assert test["parameters"] == pytest.approx({"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}, abs=6e-5)
    assert test["log_likelihood"] == pytest.approx(-9582.429, abs=1e-3)
    assert test["parameters"] != model["parameters"]


def test_the_hidden_time_is_predicted_as_published(model: dict[str, Any]) -> None:
    test = model["backtest"]
    assert (test["calibration_end"], test["holdout_end"], test["days"]) == ("1997-09-30", "1998-06-30", 273)
    assert test["expected"] == pytest.approx(1653.4, abs=0.05)
    assert test["actual"] == 1882
    assert test["correlation"] == pytest.approx(0.6256, abs=5e-5)
    assert test["mae"] == pytest.approx(0.7855, abs=6e-5)
    assert test["low"] < test["expected"] < test["high"]


def test_order_values_are_as_published(model: dict[str, Any]) -> None:
    spending = model["backtest"]["gamma_gamma"]
    assert (spending["p"], spending["q"], spending["v"]) == pytest.approx((6.2496, 3.7442, 15.4435), abs=2e-3)
    assert spending["log_likelihood"] == pytest.approx(-4055.918, abs=1e-3)
    assert spending["population_mean"] == pytest.approx(35.17, abs=5e-3)
    assert spending["correlation"] == pytest.approx(0.114, abs=5e-4)
    assert spending["independent"] is True


def test_the_weeks_add_up_to_the_whole(model: dict[str, Any]) -> None:
    weekly = model["backtest"]["weekly"]
    assert [row["week"] for row in weekly] == list(range(1, 40))
    assert weekly[-1]["expected_cumulative"] == pytest.approx(model["backtest"]["expected"])
    assert weekly[-1]["actual_cumulative"] == 1882
