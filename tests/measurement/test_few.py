"""A question about few people gives their rows of the same question about everybody, whatever was corrected, refunded or merged."""

from typing import Any

import pytest

from regulars import loop
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from tests.events.cast import NOW
from tests.measurement.test_adding_up import Story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

QUESTIONS = (
    "SELECT customer_id, order_id, gross, refunded, country FROM orders WHERE customer_id > 0",
    "SELECT customer_id, product, amount FROM order_lines WHERE customer_id > 0",
    "SELECT * FROM order_days",
    "SELECT * FROM refund_days WHERE customer_id > 0",
    "SELECT customer_id, orders, gross, refunded FROM customer_sum",
    "SELECT customer_id, reference, email FROM customers",
)


def rows(moment: Moment, question: str, people: list[int]) -> list[tuple[Any, ...]]:
    return moment.rows(f"SELECT * FROM ({question}) WHERE customer_id IN ({', '.join(map(str, people))}) ORDER BY ALL")


@pytest.mark.parametrize("has_base", [True, False])
def test_few_people_are_told_of_as_among_everybody(has_base: bool) -> None:
    story = Story(11)
    events.append(story.facts(200), NOW)
    loop.run_once(NOW)
    if has_base:
        loop.rebuild(NOW)
        events.append(story.facts(40), NOW)
        loop.run_once(NOW)
    with events.reader(NOW) as moment:
        known = [row[0] for row in moment.rows("SELECT customer_id FROM customers ORDER BY 1")]
        for people in (known[:3], known[5:6], known[::4]):
            with moment.few(people) as few:
                for question in QUESTIONS:
                    assert few.rows(f"{question} ORDER BY ALL") == rows(moment, question, people), question


def test_nobody_is_told_of_where_nobody_is_asked_about() -> None:
    events.append(Story(12).facts(30), NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment, moment.few([]) as few:
        assert [few.rows(question) for question in QUESTIONS] == [[]] * len(QUESTIONS)
