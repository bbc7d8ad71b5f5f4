"""Limits that are saved hold messages back: until when, and with which reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.messaging.control.fields import HOURS, SETTINGS
from regulars.messaging.control.limits import default
from regulars.messaging.letters import Letter
from regulars.messaging.models import Message
from regulars.messaging.outbox.holding import Held, claim
from regulars.messaging.sending import Posted
from tests.house import ROOT
from tests.messaging.control.cast import BY, NOON, ask, due, found, people, run
from tests.messaging.outbox.cast import Clock, Provider, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
gate = consent.gate


def put(**told: str) -> list[str]:
    return messaging.put_limits({name.replace("__", "."): text for name, text in told.items()}, BY, NOON)


def test_who_sets_nothing_has_the_careful_rules_of_the_gate() -> None:
    assert default().rules("UTC") == gate.Rules()
    assert messaging.limits() == default()
    assert {channel: gate.week(hours) for channel, hours in HOURS.items()} == gate.HOURS


def test_more_a_minute_than_the_provider_takes_wait_for_the_next_minutes() -> None:
    ask(*people(7))
    put(email__per_minute="2")
    clock = Clock(NOON + timedelta(seconds=20))
    provider = run(clock)
    assert len(provider.accepted) == 2
    assert found().count(("deferred", "throttle")) == 5
    assert sorted(due()) == [NOON + timedelta(minutes=n) for n in (1, 2, 3)]  # two, two and one
    for _ in range(3):
        clock.move(minutes=1)
        run(clock, provider)
    assert len(provider.accepted) == 7
    assert set(found()) == {("sent", "")}


def test_the_hour_and_the_minute_hold_together() -> None:
    ask(*people(5))
    put(email__per_minute="2", email__per_hour="3")
    clock = Clock(NOON)
    provider = run(clock)
    for _ in range(2):
        clock.move(minutes=1)
        run(clock, provider)
    assert len(provider.accepted) == 3
    assert due() == {NOON + timedelta(hours=1)}


def test_a_day_is_used_up_and_the_rest_goes_tomorrow_when_hours_allow() -> None:
    ask(*people(4))
    put(email__per_day="3")
    clock = Clock(NOON)
    provider = run(clock)
    assert found().count(("deferred", "daily_limit")) == 1
    assert due() == {datetime(2024, 6, 4, 5, 0, tzinfo=UTC)}  # seven o'clock in Berlin, midnight is quiet
    clock.at = datetime(2024, 6, 4, 5, 0, tzinfo=UTC)
    run(clock, provider)
    assert len(provider.accepted) == 4


def test_transactional_mails_wait_for_no_limit_but_are_counted() -> None:
    everybody = people(3)
    put(email__per_day="2")
    ask(*everybody, name="order", is_marketing=False)
    ask(*everybody)
    run(Clock(NOON))
    assert set(found("order")) == {("sent", "")}
    assert set(found()) == {("deferred", "daily_limit")}


def test_the_budget_of_a_month_comes_back_with_the_first() -> None:
    ask(*people(3))
    put(email__per_month="1")
    run(Clock(NOON))
    assert found().count(("deferred", "budget")) == 2
    assert due() == {datetime(2024, 7, 1, 5, 0, tzinfo=UTC)}


def test_a_channel_that_is_warmed_up_sends_what_its_day_allows() -> None:
    ask(*people(6))
    put(email__warm_up="1, 3", email__warm_up_from="2024-06-03")
    clock = Clock(NOON)
    provider = run(clock)
    assert (len(provider.accepted), found().count(("deferred", "warm_up"))) == (1, 5)
    clock.at = NOON + timedelta(days=1)
    run(clock, provider)
    assert len(provider.accepted) == 4
    clock.at = NOON + timedelta(days=2)
    run(clock, provider)
    assert len(provider.accepted) == 6  # the plan is over


def test_how_often_one_person_is_written_to_is_the_shops_choice() -> None:
    [ann] = people(1)
    put(a_day="2", apart="30")
    for n, name in enumerate(("first", "second", "third")):
        ask(ann, name=name, strength=90 - n)
    clock = Clock(NOON)
    provider = run(clock)
    assert (len(provider.accepted), due("second")) == (1, {NOON + timedelta(minutes=30)})
    clock.move(minutes=30)
    run(clock, provider)
    assert (len(provider.accepted), found("third")) == (2, [("deferred", "stronger_first")])
    assert due("third") == {NOON + timedelta(days=1)}


def test_a_channels_own_cap_stands_beside_the_one_over_all() -> None:
    [ann] = people(1)
    put(a_day="5", a_week="5", email__a_week="1", apart="1")
    ask(ann, name="first", strength=90)
    run(Clock(NOON))
    ask(ann, name="second")
    run(Clock(NOON + timedelta(hours=2)))
    assert found("second") == [("deferred", "too_often")]
    assert due("second") == {NOON + timedelta(days=7)}


def test_the_shops_hours_hold_by_the_recipients_clocks() -> None:
    ask(*people(1))
    put(email__weekdays="18-20", email__saturday="", email__sunday="")
    run(Clock(NOON))
    assert found() == [("deferred", "quiet_hours")]
    assert due() == {datetime(2024, 6, 3, 16, 0, tzinfo=UTC)}  # six in the evening in Berlin


def test_where_a_law_is_stricter_than_the_shop_the_law_holds() -> None:
    put(sms__weekdays="8-22")
    windows = messaging.limits().rules("UTC").windows
    assert windows.week("sms", ("DE", ""))[0] == (8 * 60, 22 * 60)
    assert windows.week("sms", ("US", "TX"))[0] == (9 * 60, 20 * 60)
    put(sms__weekdays="11-13", sms__saturday="11-13", sms__sunday="11-13")
    windows = messaging.limits().rules("UTC").windows
    assert windows.week("sms", ("US", "TX"))[0] == (11 * 60, 13 * 60)
    assert windows.week("sms", ("US", "TX"))[6] == (12 * 60, 13 * 60)


def test_room_that_others_used_up_meanwhile_is_seen_in_the_moment_of_the_dot() -> None:
    everybody = people(4)
    ask(*everybody)
    put(email__per_day="2")
    provider = Provider()
    plain = provider.deliver

    def others_were_faster(letters: object, dot: object) -> object:
        Message.objects.filter(customer_id=everybody[-1]).update(dot_at=NOON, state="sent")
        return plain(letters, dot)  # type: ignore[arg-type]

    provider.deliver = others_were_faster  # type: ignore[method-assign,assignment]
    run(Clock(NOON), provider)
    assert len(provider.accepted) == 1
    assert found().count(("deferred", "daily_limit")) == 2


class Page:
    """Writes a letter with a page in it to everybody."""

    def letters(self, held: Sequence[Held], now: datetime) -> Iterator[tuple[Held, Letter | str]]:
        for one in held:
            yield one, replace(letter(one), html="<p>Tea</p>", is_marketing=one.is_marketing)


@pytest.mark.parametrize("wanted", ["no", "yes"])
def test_opens_are_counted_only_where_the_shop_wants_it_and_never_of_service(wanted: str) -> None:
    [ann] = people(1)
    put(email__opens=wanted)
    ask(ann)
    ask(ann, name="order", is_marketing=False)
    held = claim(["email"], "me", 10, NOON)
    shop = messaging.delivery(Clock(NOON)).renderer
    assert isinstance(shop, Posted)
    written = replace(shop, writer=Page(), base="https://shop.example").letters(held, NOON)
    pixels = {one.name: "https://shop.example/o/" in told.html for one, told in written if isinstance(told, Letter)}
    assert pixels == {"news": wanted == "yes", "order": False}


WRONG = {
    "a_day": ("", "must not be empty"),
    "a_week": ("three", "no number from 1 on"),
    "apart": ("-5", "no number from 1 on"),
    "email.per_minute": ("0", "no number from 1 on"),
    "email.per_hour": ("1.5", "no number from 1 on"),
    "email.per_day": ("1,000", "digits alone"),
    "sms.per_month": ("9999999999", "no number from 1 on"),
    "email.weekdays": ("20-9", "write them as 9-20"),
    "email.sunday": ("9-25", "write them as 9-20"),
    "email.warm_up": ("50, lots", "“lots” is no number"),
    "email.warm_up_from": ("3.6.2024", "write it like 2026-03-21"),
    "email.opens": ("maybe", "Say yes or no"),
    "email.per_dya": ("5", "did you mean email.per_day?"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_kept_is_refused_with_what_to_do(name: str) -> None:
    text, sentence = WRONG[name]
    with pytest.raises(messaging.BadLimits) as refusal:
        messaging.put_limits({name: text}, BY, NOON)
    assert sentence in refusal.value.faults[name]
    assert messaging.limits() == default()
    assert not access.deeds(None, 10)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"email.weekdays": "", "email.saturday": "", "email.sunday": ""}, "email.weekdays"),
        ({"sms.weekdays": "6-8", "sms.saturday": "6-8", "sms.sunday": "9-20"}, "sms.weekdays"),
        ({"email.warm_up": "50, 100"}, "email.warm_up_from"),
        ({"email.warm_up_from": "2024-06-03"}, "email.warm_up"),
    ],
)
def test_what_makes_no_sense_together_is_refused(told: dict[str, str], name: str) -> None:
    with pytest.raises(messaging.BadLimits) as refusal:
        messaging.put_limits(told, BY, NOON)
    assert list(refusal.value.faults) == [name]


def test_whatever_hours_are_kept_leave_a_first_allowed_minute_everywhere() -> None:
    put(sms__weekdays="16-18", sms__saturday="", sms__sunday="")
    windows = messaging.limits().rules("Europe/Berlin").windows
    for phone in ("+12125550100", "+13055550100", "+4915112345678", "+33612345678", "+919876543210", ""):
        for country in ("US", "IN", "FR", "CA", ""):
            hours = windows.hours("sms", gate.place_of(country, "", "", phone, None))
            assert gate.first_allowed(NOON, hours) - NOON < timedelta(days=8)


def test_every_change_stands_in_the_audit_log_with_what_it_was() -> None:
    assert put(a_week="4", email__per_day="500", apart="60") == ["a_week", "email.per_day"]
    assert put(a_week="4") == []
    told = {one["about"]: (one["actor"], one["action"], one["details"]) for one in access.deeds(None, 10)}
    assert told == {
        "a_week": (BY, "limit.changed", {"from": "3", "to": "4"}),
        "email.per_day": (BY, "limit.changed", {"from": "", "to": "500"}),
    }


def test_every_limit_has_words_for_people() -> None:
    assert all(one.label and (one.help or one.channel) for one in SETTINGS.values())


def test_the_documentation_tells_of_every_limit_and_its_first_value() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\*|email)\.\w+|a_day|a_week|apart)`", page))
    assert {name if name in named else f"*.{name.partition('.')[2]}" for name in SETTINGS} == named
    assert "| `a_day`, `a_week` | 1, 3 |" in page
    assert {SETTINGS[name].default for name in ("a_day", "a_week", "apart", "email.opens")} == {"1", "3", "60", "no"}
