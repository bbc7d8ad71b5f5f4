"""BG/NBD and Gamma-Gamma on CDNOW give the published figures (Fader, Hardie and Lee 2005, Marketing Science 24(2), table 2)."""

from dataclasses import replace

import numpy as np
import pytest

from regulars.predictions import BgNbd, counted, fit_bg_nbd, fit_gamma_gamma
from regulars.predictions.rules.bg_nbd import sandwich
from regulars.predictions.rules.uncertainty import bootstrap, total_interval
from tests.golden import cdnow


@pytest.fixture(scope="module")
def model() -> BgNbd:
    frequency, recency, age, _ = cdnow.histories()
    return fit_bg_nbd(frequency, recency, age)


def test_the_sample_is_the_published_one() -> None:
    frequency, recency, age, later = cdnow.histories()
    assert (len(frequency), sum(frequency), sum(x > 0 for x in frequency), sum(later)) == (2357, 2457, 946, 1882)
    assert counted(frequency, recency, age).frequency.size == 1016


def test_parameters_and_likelihood(model: BgNbd) -> None:
    assert model.parameters == pytest.approx({"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}, abs=6e-5)
    assert model.log_likelihood == pytest.approx(-9582.429, abs=1e-3)


def test_the_holdout_is_predicted_as_published(model: BgNbd) -> None:
    frequency, recency, age, later = (np.array(column) for column in cdnow.histories())
    expected = model.expected_purchases(39 * 7, frequency, recency, age)
    assert expected.sum() == pytest.approx(1653.4, abs=0.05)
    assert np.corrcoef(expected, later)[0, 1] == pytest.approx(0.6256, abs=5e-5)
    assert np.abs(expected - later).mean() == pytest.approx(0.7855, abs=6e-5)
    by_x = [expected[frequency == x].mean() for x in range(7)] + [expected[frequency >= 7].mean()]
    assert by_x == pytest.approx([0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], abs=6e-4)


def test_one_customer(model: BgNbd) -> None:
    days = [2], [213], [272]  # 30.43 and 38.86 weeks
    assert model.expected_purchases(273, *days)[0] == pytest.approx(1.226, abs=5e-4)
    assert model.p_alive(*days)[0] == pytest.approx(0.7266, abs=1e-4)
    assert model.expected_repeat_purchases(52 * 7) == pytest.approx(1.444, abs=5e-4)
    assert model.p_alive([0], [0], [272])[0] == 1.0


def test_cumulative_repeat_orders_at_week_78(model: BgNbd) -> None:
    """Week 78 ends 546 days after 1997-01-01 began: a day more than lies between the first day and the last."""
    _, _, age, _ = cdnow.histories()
    total = sum(model.expected_repeat_purchases(days + 273 + 1) for days in age)
    assert total == pytest.approx(4165.7, abs=0.05)


@pytest.mark.parametrize(
    ("history", "weeks", "value"),
    [
        ((2, 30.43, 38.86), 39, 1.22602817477),
        ((200, 500, 520), 52, 1.82536915829),
        ((1000, 515, 520), 104, 14.7661141737),
        ((50, 100, 104), 520, 98.2576148434),
        ((0, 0, 0.1), 520, 4.92493975187),
        ((3000, 2590, 2600), 520, 19.7374626032),
    ],
)
def test_expected_orders_agree_with_many_digit_arithmetic(
    history: tuple[float, float, float], weeks: float, value: float
) -> None:
    """The values are mpmath's; the histories go to where the published form overflows."""
    published = BgNbd(0.243, 4.414, 0.793, 2.426, 0.0, 0.0, np.eye(4))
    x, t_x, age = history
    found = published.expected_purchases(weeks * 7, x, t_x * 7, age * 7)
    assert found == pytest.approx(value, rel=1e-10)


def test_a_equal_to_one_is_no_hole(model: BgNbd) -> None:
    around = [replace(model, a=a).expected_purchases(273, [2], [213], [272])[0] for a in (0.99999, 1.0, 1.00001)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-5)


def test_standard_errors_of_the_log_parameters(model: BgNbd) -> None:
    frequency, recency, age, _ = cdnow.histories()
    rows = counted(frequency, recency, age)
    assert np.sqrt(np.diag(model.laplace)) == pytest.approx([0.052, 0.086, 0.234, 0.291], abs=6e-4)
    robust = np.sqrt(np.diag(sandwich(model, rows)))
    assert robust[:2] == pytest.approx([0.061, 0.105], rel=0.05)
    refits = bootstrap(model, rows, 200, seed=3)
    spread = np.std([np.log(list(refit.parameters.values())) for refit in refits], axis=0)
    assert spread == pytest.approx([0.061, 0.105, 0.272, 0.346], rel=0.2)


def test_the_interval_of_the_total_says_how_far_off_it_may_be(model: BgNbd) -> None:
    frequency, recency, age, _ = cdnow.histories()
    rows = counted(frequency, recency, age)
    narrow = total_interval(model, rows, 273)
    assert (narrow.low, narrow.high) == pytest.approx((1476, 1882), rel=0.05)
    wide = total_interval(model, rows, 273, error=0.1)
    assert (wide.low, wide.high) == pytest.approx((narrow.low - 165.3, narrow.high + 165.3), abs=0.1)


@pytest.mark.parametrize(
    ("frequency", "mean_value", "expected"), [(2, 22.35, 24.66), (1, 11.77, 18.91), (7, 73.74, 71.46), (0, 0.0, 35.17)]
)
def test_the_published_value_per_order_of_single_customers(frequency: int, mean_value: float, expected: float) -> None:
    spending = fit_gamma_gamma(*cdnow.repeat_values())
    assert spending.expected_value(frequency, mean_value) == pytest.approx(expected, abs=0.01)


def test_gamma_gamma() -> None:
    frequency, means = cdnow.repeat_values()
    model = fit_gamma_gamma(frequency, means)
    assert len(frequency) == 946
    assert (model.p, model.q, model.v) == pytest.approx((6.2496, 3.7442, 15.4435), abs=2e-3)
    assert model.log_likelihood == pytest.approx(-4055.918, abs=1e-3)
    assert model.population_mean == pytest.approx(35.17, abs=5e-3)
    assert model.correlation == pytest.approx(0.114, abs=5e-4)
    assert model.independent
