"""The same questions on the real lake: on a base, with newer facts on top of it, on a connection of their own."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from regulars import loop
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.events.kinds.orders import Line
from regulars.measurement import api as measurement
from tests.events.cast import ANN, BO, GUEST, NOW, cancelled, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

TEA = Line(product="T1", name="Tea", quantity=Decimal(1), amount=Decimal(8))
POT = Line(product="P1", name="Pot", quantity=Decimal(1), amount=Decimal(30))


def answers(moment: Moment) -> dict[str, Any]:
    """Ask every door about the same moment."""
    germany = measurement.Group("country", "DE")
    return {
        "cohorts": measurement.cohorts(moment, measurement.Cohorts(group=germany)),
        "curves": measurement.retention_curves(moment, measurement.Curves("unbounded", by="product")),
        "window": measurement.window_rate(moment, 1, 14, germany),
        "compared": measurement.compare(moment, measurement.Compared(germany, None, 1, 14)),
        "products": measurement.first_products(moment),
        "movement": measurement.movement(moment, NOW),
    }


def test_answers_follow_new_facts_and_a_rebuild_changes_nothing() -> None:
    events.append(
        [
            placed("A1", ANN, country="DE", lines=(TEA, POT)),
            placed("A2", ANN, day=10, lines=(TEA,)),
            placed("B1", BO, day=1, country="AT", lines=(TEA,)),
            placed("G1", GUEST, day=90, lines=(POT,)),
        ],
        NOW,
    )
    loop.run_once(NOW)
    with events.reader(NOW) as moment, moment.twin() as twin:
        before = answers(moment)
        assert answers(twin) == before
    assert (before["window"]["eligible"], before["window"]["retained"]) == (1, 1)
    events.append([cancelled("A2"), placed("B0", BO, day=-3, country="DE", lines=(POT,))], NOW + timedelta(minutes=1))
    loop.run_once(NOW + timedelta(minutes=1))
    with events.reader(NOW) as moment:
        after = answers(moment)
    assert (after["window"]["eligible"], after["window"]["retained"]) == (2, 1)
    assert {row["product"]: row["customers"] for row in after["products"]["rows"]} == {"P1": 2, "T1": 1}
    assert after["cohorts"]["rows"][0]["cohort"] == "2023-12"
    loop.rebuild(NOW)
    with events.reader(NOW) as moment:
        assert answers(moment) == after


def test_an_empty_lake_answers_too() -> None:
    with events.reader(NOW) as moment:
        found = answers(moment)
    assert (found["window"]["eligible"], found["products"]["total"], found["movement"]["as_of"]) == (0, 0, None)
