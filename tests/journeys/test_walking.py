"""People walk as a journey's document says: in by a fact, on by time, facts, rules and draws, out at its end or before."""

from datetime import UTC, datetime

import pytest

from regulars.events import api as events
from regulars.journeys import api as journeys
from regulars.journeys.models import Enrolment
from tests.journeys.telling import (
    ANN,
    BO,
    START,
    after,
    asked,
    cancelled,
    did,
    on,
    ordered,
    refunded,
    stands,
    tell,
    walk,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

THANKS = """
name: thanks
trigger: order
steps:
  - send: {template: thank_you_sms, channel: sms}
"""
CARE = """
name: care
trigger: order
again: always
exit_on: [refund]
goal: order
steps:
  - wait: {for: 5 days}
  - send: review_request
  - wait: {until_fact: order, at_most: 10 days}
    came: [exit: came back]
    timed_out: [send: win_back]
"""


def test_an_order_asks_for_its_message_once() -> None:
    on(THANKS)
    tell(START, ordered("A1", ANN, START))
    walk(START, START, after(minutes=1))
    assert asked() == [(1, "thanks/thank_you_sms", "sms")]
    assert stands() == [(1, "", 1, False, "the journey's end")]


def test_what_came_before_it_was_switched_on_leads_nobody_in() -> None:
    tell(START, ordered("A1", ANN, START))
    on(THANKS)
    walk(after(minutes=1))
    tell(after(minutes=2), ordered("B1", BO, after(minutes=2)))
    walk(after(minutes=3))
    assert [row[0] for row in asked()] == [2]


def test_what_a_file_or_a_late_call_tells_leads_nobody_in() -> None:
    on(THANKS)
    tell(START, ordered("A1", ANN, START, source="import-orders"), ordered("B1", BO, after(hours=-25)))
    walk(START)
    assert asked() == []


def test_a_step_counts_from_when_it_was_due() -> None:
    on(CARE)
    tell(START, ordered("A1", ANN, START))
    walk(after(minutes=20), after(days=4, hours=23))
    assert asked() == []
    walk(after(days=5, minutes=10))
    assert asked() == [(1, "care/review_request", "email")]
    walk(after(days=14, hours=23))
    assert len(asked()) == 1
    walk(after(days=15, minutes=1))
    assert [name for _, name, _ in asked()] == ["care/review_request", "care/win_back"]


def test_who_was_left_waiting_by_a_stop_of_the_engine_is_not_written_to_all_at_once() -> None:
    on(CARE)
    tell(START, ordered("A1", ANN, START))
    walk(after(minutes=1), after(days=40))
    assert [name for _, name, _ in asked()] == ["care/review_request"]
    walk(after(days=50, minutes=1))
    assert [name for _, name, _ in asked()] == ["care/review_request", "care/win_back"]


def test_a_fact_that_comes_in_time_leads_another_way_and_reaches_the_goal() -> None:
    on(CARE)
    tell(START, ordered("A1", ANN, START))
    walk(START, after(days=5, minutes=1))
    tell(after(days=7), ordered("A2", ANN, after(days=7)))
    walk(after(days=7, minutes=1), after(days=16))
    first = Enrolment.objects.order_by("entered")[0]
    assert (first.reason, first.is_active, first.reached is not None) == ("came back", False, True)


def test_a_fact_that_came_after_the_time_out_is_too_late_in_whatever_order_they_are_found() -> None:
    on(CARE.replace("again: always", "again: never"))
    tell(START, ordered("A1", ANN, START))
    walk(START, after(days=5))
    tell(after(days=15, minutes=10), ordered("A2", ANN, after(days=15, minutes=5)))
    walk(after(days=15, minutes=30))
    assert [name for _, name, _ in asked()] == ["care/review_request", "care/win_back"]


def test_what_ends_a_journey_ends_it_wherever_somebody_stands() -> None:
    on(CARE)
    tell(START, ordered("A1", ANN, START), ordered("B1", BO, START))
    walk(after(minutes=1))
    tell(after(days=1), refunded("A1", after(days=1)))
    walk(after(days=6))
    assert [(who, name) for who, name, _ in asked()] == [(2, "care/review_request")]
    assert [(row[0], row[4]) for row in stands()] == [(1, "refund"), (2, "")]


def test_three_orders_at_once_are_three_runs_and_each_hears_of_its_own() -> None:
    on(
        """
name: parcel-care
subject: order
trigger: order
exit_on: [cancellation]
steps:
  - wait: {until_fact: refund, at_most: 3 days}
    came: [exit: money back]
    timed_out: [send: review_request]
"""
    )
    tell(START, *(ordered(number, ANN, after(minutes=n)) for n, number in enumerate(("A1", "A2", "A3"))))
    walk(after(minutes=5))
    assert [(row[1], row[3]) for row in stands()] == [("main:A1", True), ("main:A2", True), ("main:A3", True)]
    tell(after(days=1), refunded("A2", after(days=1)), cancelled("A3", after(days=1)))
    walk(after(days=1, minutes=1), after(days=4))
    assert [(row[1], row[4]) for row in stands()] == [
        ("main:A1", "the journey's end"),
        ("main:A2", "money back"),
        ("main:A3", "cancellation"),
    ]
    assert len(asked()) == 1


def test_who_walks_already_does_not_enter_again_and_later_only_as_the_document_says() -> None:
    on(
        """
name: twice
trigger: custom:cart
again: {after: 10 days}
steps:
  - wait: {for: 2 days}
  - send: win_back
"""
    )
    for day in (0, 1, 4, 11, 15):
        tell(after(days=day), did("cart", ANN, after(days=day)))
        walk(after(days=day, minutes=1))
    walk(after(days=20))
    entered = [
        round((one.entered - Enrolment.objects.order_by("entered")[0].entered) / 86_400e6)
        for one in Enrolment.objects.order_by("entered")
    ]
    assert entered == [0, 11]


def test_facts_of_one_batch_lead_in_one_after_another_as_if_each_had_come_alone() -> None:
    text = """
name: greet
trigger: custom:hello
again: always
steps:
  - send: win_back
"""
    on(text)
    tell(START, *(did("hello", ANN, after(seconds=n)) for n in (5, 1, 3)), did("hello", BO, after(seconds=2)))
    walk(after(minutes=1))
    assert sorted(who for who, _, _ in asked()) == [1, 1, 1, 2]


def test_a_wait_until_a_time_of_day_is_one_in_the_persons_own_zone() -> None:
    on(
        """
name: monday
trigger: custom:hello
steps:
  - wait: {until: "10:00", on: [tuesday, friday]}
  - send: win_back
"""
    )
    tokyo = {"id": "c3", "phone": "+81312345678"}
    tell(START, did("hello", tokyo, START), did("hello", BO, START))
    walk(after(minutes=1))
    due = {one.zone: datetime.fromtimestamp(one.due / 1e6, UTC) for one in Enrolment.objects.all()}
    assert due["Asia/Tokyo"] == datetime(2024, 6, 4, 1, tzinfo=UTC)
    assert due["UTC"] == datetime(2024, 6, 4, 10, tzinfo=UTC)


def test_a_branch_goes_the_first_way_whose_rule_holds_now() -> None:
    on(
        """
name: by-worth
trigger: order
steps:
  - branch:
      - when: {field: net, at_least: 100}
        steps: [exit: dear]
      - when: {field: orders, at_least: 2}
        steps: [exit: loyal]
      - otherwise: [exit: new]
"""
    )
    tell(START, ordered("A1", ANN, START, "120.00"), ordered("B1", BO, START))
    tell(START, ordered("C1", {"id": "c3"}, after(seconds=-9)), ordered("C2", {"id": "c3"}, after(seconds=-5)))
    walk(after(minutes=1))
    assert {row[0]: row[4] for row in stands()} == {1: "dear", 2: "new", 3: "loyal"}


def test_only_those_whom_the_audience_holds_for_enter() -> None:
    on(THANKS.replace("steps:", "audience: {field: net, at_least: 50}\nsteps:"))
    tell(START, ordered("A1", ANN, START, "60.00"), ordered("B1", BO, START))
    walk(START)
    assert [row[0] for row in stands()] == [1]


def test_a_draw_is_kept_for_good() -> None:
    text = """
name: offer
trigger: custom:hello
again: always
steps:
  - split: code
    arms:
      - {name: none, share: 50, steps: [exit: none]}
      - {name: code, share: 50, steps: [exit: code]}
"""
    on(text)
    people = [{"id": f"p{n}"} for n in range(40)]
    tell(START, *(did("hello", one, START) for one in people))
    walk(START)
    first = {row[0]: row[4] for row in stands()}
    assert set(first.values()) == {"none", "code"}
    journeys.put(text.replace("share: 50", "share: 0.01", 1).replace("share: 50", "share: 99.99", 1), "ann", START)
    tell(after(days=1), *(did("hello", one, after(days=1)) for one in people))
    walk(after(days=1))
    assert [first[row[0]] == row[4] for row in stands()] == [True] * 80


def test_the_held_out_walk_like_all_others_and_are_sent_nothing() -> None:
    on("name: held\nholdout: 50\ntrigger: custom:hello\nsteps:\n  - send: win_back\n")
    tell(START, *(did("hello", {"id": f"p{n}"}, START) for n in range(40)))
    walk(START)
    held = set(Enrolment.objects.filter(is_held_out=True).values_list("customer_id", flat=True))
    assert 8 < len(held) < 32
    assert {who for who, _, _ in asked()} == set(range(1, 41)) - held
    assert {row[3] for row in stands()} == {False}


def test_of_one_group_a_customer_walks_one_journey_at_a_time() -> None:
    for name, priority in (("low", 10), ("high", 90)):
        on(
            f"name: {name}\ngroup: care\npriority: {priority}\ntrigger: order\nsteps:\n  - wait: {{for: 2 days}}\n  - send: win_back\n"
        )
    tell(START, ordered("A1", ANN, START))
    walk(START, after(days=3))
    assert [name for _, name, _ in asked()] == ["high/win_back"]


def test_two_people_who_turn_out_to_be_one_walk_one_path() -> None:
    on(CARE)
    tell(START, ordered("A1", {"id": "c1"}, START), ordered("B1", {"email": "ann@example.com"}, after(seconds=10)))
    walk(after(minutes=1))
    assert [row[0] for row in stands()] == [1, 2]
    tell(after(days=1), did("signed in", {"id": "c1", "email": "ann@example.com"}, after(days=1)))
    walk(after(days=1), after(days=5, minutes=1))
    assert [who for who, _, _ in asked()] == [1]
    assert sorted((row[0], row[3]) for row in stands()) == [(1, False), (1, True)]


def test_a_customers_steps_are_explained() -> None:
    on(CARE.replace("care", "hello").replace("trigger: order", "trigger: custom:hello"))
    tell(START, did("hello", ANN, START))
    walk(START, after(days=5))
    story = journeys.explain(1)[0]
    assert [(f"{step.at:%d %H:%M}", step.said) for step in story.steps] == [
        ("03 09:00", "entered"),
        ("08 09:00", "1. waited 5 days"),
        ("08 09:00", "2. asked for review_request"),
        ("08 09:00", "stands at 3. wait for order: then 4; after 10 days without it 5"),
    ]


def test_times_of_day_of_one_journey_are_no_others() -> None:
    for name, clock in (("early", "09:30"), ("late", "16:20")):
        on(f'name: {name}\ntrigger: custom:hello\nsteps:\n  - wait: {{until: "{clock}"}}\n  - send: win_back\n')
    tell(START, did("hello", BO, START))
    walk(after(minutes=1))
    due = {one.journey.name: datetime.fromtimestamp(one.due / 1e6, UTC) for one in Enrolment.objects.all()}
    assert due == {"early": START.replace(minute=30), "late": START.replace(hour=16, minute=20)}


def test_those_inside_an_older_version_are_told_of_and_moved_over_on_demand() -> None:
    name = on(CARE)
    tell(START, ordered("A1", ANN, START), ordered("B1", BO, START))
    walk(after(minutes=1))
    newer = CARE.replace("for: 5 days", "for: 6 days").replace("  - send: review_request\n", "")
    journeys.put(newer, "ann", START)
    assert [(one.n, one.to, one.waits) for one in journeys.moves(name)] == [(2, "1. wait 6 days, then 2", 86_400)]
    assert journeys.move(name, "ann", after(hours=1)) == 2
    assert journeys.moves(name) == []
    walk(after(days=5, hours=2))
    assert [row[2] for row in stands()] == [0, 0]
    walk(after(days=6))
    assert ([row[2] for row in stands()], asked()) == ([1, 1], [])


def test_who_stands_at_a_step_that_is_no_more_walks_the_older_version_to_its_end() -> None:
    name = on(CARE)
    tell(START, ordered("A1", ANN, START))
    walk(after(minutes=1), after(days=5))
    journeys.put(CARE.split("  - wait: {until_fact", maxsplit=1)[0], "ann", START)
    assert [one.to for one in journeys.moves(name)] == [None]
    assert journeys.move(name, "ann", after(days=5)) == 0
    walk(after(days=15))
    assert [name for _, name, _ in asked()] == ["care/review_request", "care/win_back"]


def test_what_ends_a_run_counts_before_its_later_steps_even_if_all_is_found_in_one_round() -> None:
    on(
        "name: steps\ntrigger: custom:hello\nexit_on: [order]\n"
        "steps:\n  - wait: {for: 10 minutes}\n  - wait: {for: 10 minutes}\n  - send: win_back\n"
    )
    tell(after(minutes=50), did("hello", BO, START), ordered("B1", BO, after(minutes=15)))
    walk(after(minutes=50))
    assert ([row[4] for row in stands()], asked()) == (["order"], [])


def test_a_draw_is_told_once_of_every_arm() -> None:
    on(
        "name: offer\nholdout: 30\ntrigger: custom:hello\nagain: always\nsteps:\n  - split: code\n    arms:\n"
        "      - {name: none, share: 50, steps: [exit: none]}\n      - {name: code, share: 50, steps: [exit: code]}\n"
    )
    for day in (0, 1):
        tell(after(days=day), *(did("hello", {"id": f"p{n}"}, after(days=day)) for n in range(20)))
        walk(after(days=day))
    tell(after(days=2))
    with events.reader(after(days=2)) as moment:
        rows = moment.rows(
            "SELECT experiment, count(*), count(DISTINCT customer_id), count(DISTINCT arm) FROM experiment_exposed GROUP BY 1 ORDER BY 1"
        )
    assert rows == [("journey/offer/code", 20, 20, 2), ("journey/offer/holdout", 20, 20, 2)]
