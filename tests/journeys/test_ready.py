"""The programmes that come with the house: each can be read and switched on in a fresh shop, and says what it is for."""

import json
import random
from datetime import timedelta

import pytest

from regulars.events import api as events
from regulars.events.kinds.segments import SegmentEntered
from regulars.journeys import api as journeys
from regulars.messaging import api as messaging
from regulars.segments import api as segments
from tests.conftest import Command
from tests.journeys.telling import ANN, BO, START, after, asked, did, ordered, stands, tell, walk

NAMES = [one.name for one in journeys.ready_made()]
fresh = pytest.mark.django_db(transaction=True)


def entered(segment: str, people: dict[str, str], days: float) -> events.Told:
    at = after(days=days)
    fact = SegmentEntered(segment=segment, because="day")
    return events.Told(
        fact=fact, source="segments", event_id=f"{segment}-{people}-{days}", occurred_at=at, people=people
    )


def switched_on(name: str) -> None:
    """Add a programme and switch it on, with nobody held out."""
    journeys.install(name, "ann", START)
    text = journeys.text(name) or ""
    journeys.put("\n".join(line for line in text.splitlines() if not line.startswith("holdout")), "ann", START)
    journeys.activate(name, "ann", START)


def test_there_is_a_programme_for_each_part_of_a_customers_life() -> None:
    assert NAMES == [
        "welcome", "lead-to-first-order", "abandoned-cart", "thank-you", "first-order-care", "review-request", "second-order",
        "replenishment", "vip-recognition", "surprise-and-delight", "win-back", "sunset",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_for_whom_it_holds_out_and_what_it_aims_at(name: str) -> None:
    programme = next(one for one in journeys.ready_made() if one.name == name)
    document, _ = journeys.read_file(programme.text)
    assert programme.purpose.endswith(".")
    assert programme.title != name
    assert document.holdout
    assert document.goal
    assert programme.templates


@fresh
@pytest.mark.usefixtures("home")
def test_every_one_is_switched_on_in_a_fresh_shop_with_what_it_needs() -> None:
    for name in NAMES:
        added = journeys.install(name, "ann", START)
        told = journeys.one(name)
        assert added.is_new
        assert told is not None
        assert told.state == "draft"
        journeys.activate(name, "ann", START)
    assert {one.name for one in segments.listed()} == {
        "leads", "second-order-due", "vip", "regulars", "lapsing", "silent"
    }  # fmt: skip
    assert {one.name for one in messaging.listing()} >= {"thank_you", "thank_you_sms", "win_back_best_sms"}


@fresh
@pytest.mark.usefixtures("home")
def test_what_is_there_already_stays_as_it_is() -> None:
    journeys.install("welcome", "ann", START)
    changed = (journeys.text("welcome") or "").replace("holdout: 5", "holdout: 20")
    journeys.put(changed, "ann", START)
    again = journeys.install("welcome", "ann", START)
    assert (again.is_new, again.segments, again.templates) == (False, (), ())
    assert journeys.text("welcome") == changed
    with pytest.raises(journeys.CannotSwitch, match="no ready-made programme 'birthday'"):
        journeys.install("birthday", "ann", START)


def rhythm(name: str, people: dict[str, str], until: float, n: int, total: str) -> list[events.Told]:
    """Return so many orders about ten days apart, the last one so many days after the start; each has a rhythm of their own."""
    drawn = random.Random(name)
    days = [until]
    while len(days) < n:
        days.append(days[-1] - 1 - round(drawn.gammavariate(2.0, 5.0)))
    return [ordered(f"{name}{at}", people, after(days=day), total) for at, day in enumerate(days)]


@fresh
@pytest.mark.usefixtures("home")
def test_the_win_back_asks_the_most_valuable_first_and_ends_with_an_order() -> None:
    switched_on("win-back")
    cleo = {"id": "c3", "email": "cleo@example.com"}
    tell(
        START,
        *rhythm("A", ANN, -10, 12, "80.00"),
        *rhythm("B", BO, -10, 3, "8.00"),
        *rhythm("C", cleo, -10, 12, "90.00"),
    )
    tell(START, *(one for n in range(60) for one in rhythm(f"P{n}", {"id": f"p{n}"}, -(n % 10), 4 + n % 5, "30.00")))
    segments.run_once(START)
    walk(START)
    tell(after(days=15), *(one for n in range(60) for one in rhythm(f"Q{n}", {"id": f"p{n}"}, 15 - n % 10, 1, "30.00")))
    segments.run_once(after(days=15))
    tell(after(days=15))
    walk(after(days=15), after(days=15, hours=2), after(days=16))  # ten o'clock is earlier in Berlin, where Ann is
    assert [(who, name) for who, name, _ in asked()] == [(3, "win-back/win_back_best"), (1, "win-back/win_back_best")]
    tell(after(days=17), ordered("A99", ANN, after(days=17)))
    walk(after(days=17), after(days=18, hours=2), after(days=26), after(days=27), after(days=50))
    assert [name for who, name, _ in asked() if who == 2] == ["win-back/win_back"]
    assert [name for who, name, _ in asked() if who == 3] == ["win-back/win_back_best", "win-back/win_back"]
    assert {row[0]: row[3:] for row in stands() if row[0] in (1, 2, 3)} == {
        1: (False, "order"), 2: (False, "the journey's end"), 3: (False, "the journey's end")
    }  # fmt: skip
    told = journeys.one("win-back")
    assert told is not None
    assert told.n_reached == 1


@fresh
@pytest.mark.usefixtures("home")
def test_every_order_is_thanked_for_and_the_next_one_counts_as_the_goal() -> None:
    switched_on("thank-you")
    for day, number in ((0, "A1"), (3, "A2")):
        tell(after(days=day), ordered(number, ANN, after(days=day)))
        walk(after(days=day, minutes=1))
    tell(after(days=3), ordered("B1", BO, after(days=3)))
    walk(after(days=3, minutes=2))
    assert asked() == [(1, "thank-you/thank_you_sms", "sms")] * 2 + [(2, "thank-you/thank_you", "email")]
    told = journeys.one("thank-you")
    assert told is not None
    assert (told.n_entered, told.n_inside, told.n_reached) == (3, 2, 1)


@fresh
@pytest.mark.usefixtures("home")
def test_a_second_order_letter_is_not_written_to_whom_the_order_came_from_meanwhile() -> None:
    switched_on("second-order")
    tell(START, ordered("A1", ANN, START - timedelta(days=30)), ordered("B1", BO, START - timedelta(days=30)))
    tell(after(hours=4), entered("second-order-due", ANN, 0.1), entered("second-order-due", BO, 0.1))
    walk(after(hours=5))
    tell(after(hours=20), ordered("B2", BO, after(hours=20)))
    walk(after(days=1, hours=2))
    assert asked() == [(1, "second-order/second_order", "email")]


@fresh
@pytest.mark.usefixtures("home")
def test_an_abandoned_cart_is_reminded_of_with_its_products_unless_it_was_bought() -> None:
    switched_on("abandoned-cart")
    products = [{"name": "Assam", "quantity": 2}]
    tell(START, did("Checkout Started", ANN, START, products=products), did("Checkout Started", BO, START))
    walk(after(minutes=1))
    tell(after(hours=1), ordered("B1", BO, after(hours=1)))
    walk(after(hours=2, minutes=1))
    assert asked() == [(1, "abandoned-cart/abandoned_cart", "email")]


def test_the_command_lists_them_and_adds_drafts(command: Command) -> None:
    listed = json.loads(command("journeys", "ready", "--json").stdout)["programmes"]
    assert [one["name"] for one in listed] == NAMES
    said = command("journeys", "ready", "sunset").stdout
    assert said.startswith("Added sunset as a draft, with the segment silent, the template still_interested.")
    assert "sunset (added)  Asks those" in command("journeys", "ready").stdout
    assert command("journeys", "ready", "--all").stdout.count("as a draft") == len(NAMES) - 1
    assert "no ready-made programme" in command("journeys", "ready", "birthday").stderr
