"""Questions that other parts answer: registered at start-up, asked of a whole batch, and nobody is held back without them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from regulars.messaging import api as messaging
from tests.messaging.control.cast import NOON, ask, due, found, people, run
from tests.messaging.outbox.cast import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


class Cases:
    """A part that owns cases, as one will: it knows who has an open one, and closes them."""

    def __init__(self, *open_for: int) -> None:
        self.open_for = set(open_for)
        self.asked: list[int] = []

    def open_among(self, customers: Sequence[int]) -> frozenset[int]:
        self.asked.append(len(customers))
        return frozenset(self.open_for.intersection(customers))


@pytest.fixture(autouse=True)
def _nobody_stays() -> Iterator[None]:
    yield
    for question in ("held_out", "complaining", "waiting_for_parcels"):
        messaging.ask_no_more(question, "cases")  # type: ignore[arg-type]
        messaging.ask_no_more(question, "others")  # type: ignore[arg-type]


def test_marketing_waits_while_a_case_is_open_and_goes_when_it_is_closed() -> None:
    ann, bo, _ = everybody = people(3)
    cases = Cases(ann)
    messaging.ask_also("complaining", "cases", cases.open_among)
    messaging.ask_also("waiting_for_parcels", "others", lambda customers: frozenset({bo}))
    ask(*everybody)
    ask(*everybody, name="order", is_marketing=False)
    clock = Clock(NOON)
    run(clock)
    assert found() == [("deferred", "open_complaint"), ("deferred", "stuck_parcel"), ("sent", "")]
    assert set(found("order")) == {("sent", "")}
    assert due() == {NOON + timedelta(days=1)}
    assert cases.asked == [3]
    cases.open_for.clear()
    clock.move(days=1)
    run(clock)
    assert found()[0] == ("sent", "")


def test_several_parts_answer_one_question_and_one_name_answers_once() -> None:
    ann, bo, cleo = everybody = people(3)
    messaging.ask_also("held_out", "cases", lambda customers: frozenset({cleo}))
    messaging.ask_also("held_out", "cases", lambda customers: frozenset({ann}))
    messaging.ask_also("held_out", "others", lambda customers: frozenset({bo}))
    ask(*everybody)
    run(Clock(NOON))
    assert found() == [("refused", "held_out"), ("refused", "held_out"), ("sent", "")]


def test_while_a_part_cannot_answer_nothing_goes() -> None:
    ask(*people(1))

    def away(customers: Sequence[int]) -> frozenset[int]:
        raise ConnectionError("away")

    messaging.ask_also("complaining", "cases", away)
    with pytest.raises(ConnectionError):
        run(Clock(NOON))
    assert found() == [("leased", "")]
    messaging.ask_no_more("complaining", "cases")
    clock = Clock(NOON + timedelta(minutes=3))
    run(clock)
    assert found() == [("sent", "")]
