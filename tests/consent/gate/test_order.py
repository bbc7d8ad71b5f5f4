"""The gate's table: what is known of a message, what the gate answers, and which reason comes first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars.consent.gate import (
    Consent,
    ConsentState,
    Kind,
    Place,
    Reason,
    Rules,
    Suppression,
    Usage,
    Windows,
    verdicts,
)
from tests.consent.gate.cast import EXPRESS, NOON, before, letter

DAY = timedelta(days=1)
NIGHT = datetime(2026, 6, 10, 21, 30, tzinfo=UTC)  # 23:30 in Berlin
MORNING = datetime(2026, 6, 11, 5, 0, tzinfo=UTC)  # 7:00 in Berlin
NEXT_DAY = datetime(
    2026, 6, 11, 5, 0, tzinfo=UTC
)  # the day of the channel begins at 0:00 UTC, 2:00 in Berlin: again 7:00
FULL = Usage(sent_today=10)

# What is told, when, the reason and (for what is deferred) until when; no reason means that it goes.
TABLE: list[tuple[dict[str, Any], datetime, Reason | None, datetime | None]] = [
    ({}, NOON, None, None),
    ({"good_until": NOON}, NOON, Reason.EXPIRED, None),
    ({"good_until": NOON + timedelta(seconds=1)}, NOON, None, None),
    ({"has_address": False}, NOON, Reason.NO_ADDRESS, None),
    ({"suppressed_as": Suppression.ERASED}, NOON, Reason.ERASED, None),
    ({"suppressed_as": Suppression.BOUNCED}, NOON, Reason.BOUNCED, None),
    ({"suppressed_as": Suppression.MANUAL}, NOON, Reason.MANUAL, None),
    ({"suppressed_as": Suppression.COMPLAINED}, NOON, Reason.COMPLAINED, None),
    ({"suppressed_as": Suppression.UNSUBSCRIBED}, NOON, Reason.UNSUBSCRIBED, None),
    ({"consent": Consent()}, NOON, Reason.NO_CONSENT, None),
    ({"consent": Consent(ConsentState.WITHDRAWN, "express")}, NOON, Reason.WITHDRAWN, None),
    ({"consent": Consent(ConsentState.PENDING, "express")}, NOON, Reason.PENDING, None),
    ({"consent": replace(EXPRESS, expires_on=date(2026, 6, 10))}, NOON, Reason.CONSENT_EXPIRED, None),
    ({"consent": replace(EXPRESS, expires_on=date(2026, 6, 11))}, NOON, None, None),
    ({"consent": Consent(ConsentState.GIVEN, "implied")}, NOON, None, None),
    ({"consent": Consent(ConsentState.GIVEN, "implied"), "channel": "sms"}, NOON, Reason.CONSENT_TOO_WEAK, None),
    ({"is_held_out": True}, NOON, Reason.HELD_OUT, None),
    ({"has_open_complaint": True}, NOON, Reason.OPEN_COMPLAINT, NOON + DAY),
    ({"has_open_complaint": True}, NIGHT, Reason.OPEN_COMPLAINT, MORNING + DAY),
    ({"has_stuck_parcel": True}, NOON, Reason.STUCK_PARCEL, NOON + DAY),
    ({"recent": (before(23),)}, NOON, Reason.TOO_OFTEN, NOON + timedelta(hours=1)),
    ({"recent": (before(24),)}, NOON, None, None),
    ({"recent": (before(8),)}, NOON, Reason.TOO_OFTEN, MORNING),  # free at 4:00 in Berlin, so at 7:00
    ({"recent": (before(160), before(100), before(30))}, NOON, Reason.TOO_OFTEN, NOON + timedelta(hours=8)),
    ({"recent": (before(3, channel="push"),)}, NOON, Reason.TOO_OFTEN, NOON + timedelta(hours=21)),
    ({}, NIGHT, Reason.QUIET_HOURS, MORNING),
    ({"channel": "sms"}, NIGHT, Reason.QUIET_HOURS, MORNING + timedelta(hours=2)),
    ({"channel": "push"}, NIGHT, Reason.QUIET_HOURS, MORNING + timedelta(hours=2)),
    ({"channel": "webhook"}, NIGHT, None, None),
    ({"good_until": MORNING}, NIGHT, Reason.TOO_LATE, None),
    ({"good_until": MORNING + timedelta(seconds=1)}, NIGHT, Reason.QUIET_HOURS, MORNING),
    ({"usage": Usage(budget_left=0)}, NOON, Reason.BUDGET, datetime(2026, 7, 1, 5, 0, tzinfo=UTC)),
    ({"usage": Usage(budget_left=0, budget_renews_at=NOON + DAY)}, NOON, Reason.BUDGET, NOON + DAY),
    ({"usage": Usage(budget_left=9), "cost": 10}, NOON, Reason.BUDGET, datetime(2026, 7, 1, 5, 0, tzinfo=UTC)),
    ({"usage": Usage(budget_left=10), "cost": 10}, NOON, None, None),
    ({"usage": FULL, "channel": "push"}, NOON, Reason.DAILY_LIMIT, NEXT_DAY + timedelta(hours=2)),
    ({"usage": Usage(sent_today=9), "channel": "push"}, NOON, None, None),
    ({"usage": Usage(sent_today=50, warm_up_day=1)}, NOON, Reason.WARM_UP, NEXT_DAY),
    ({"usage": Usage(sent_today=50, warm_up_day=2)}, NOON, None, None),
    ({"usage": Usage(sent_today=100, warm_up_day=2)}, NOON, Reason.WARM_UP, NEXT_DAY),
    ({"usage": Usage(sent_today=100, warm_up_day=3)}, NOON, None, None),
    ({"usage": Usage(throttle_left=0)}, NOON, Reason.THROTTLE, NOON + timedelta(minutes=1)),
    ({"usage": Usage(throttle_left=0, throttle_ends_at=NOON + DAY)}, NOON, Reason.THROTTLE, NOON + DAY),
]
RULES = Rules(daily_limits={"push": 10}, warm_up={"email": (50, 100)})


@pytest.mark.parametrize(("told", "now", "reason", "at"), TABLE)
def test_the_table_of_marketing(
    told: dict[str, Any], now: datetime, reason: Reason | None, at: datetime | None
) -> None:
    (verdict,) = verdicts([letter(**told)], RULES, now)
    kind = Kind.SEND if reason is None else Kind.REFUSE if at is None else Kind.DEFER
    assert (verdict.kind, verdict.reason, verdict.at) == (kind, reason, at)


STOPPED = {"suppressed_as": Suppression.UNSUBSCRIBED}
# What holds back a transactional message.
TRANSACTIONAL: list[tuple[dict[str, Any], Reason | None]] = [
    ({}, None),
    ({"good_until": NIGHT}, Reason.EXPIRED),
    ({"has_address": False}, Reason.NO_ADDRESS),
    ({"suppressed_as": Suppression.ERASED}, Reason.ERASED),
    ({"suppressed_as": Suppression.BOUNCED}, Reason.BOUNCED),
    ({"suppressed_as": Suppression.MANUAL}, Reason.MANUAL),
    ({"suppressed_as": Suppression.COMPLAINED}, None),
    (STOPPED, None),
    ({**STOPPED, "channel": "sms"}, Reason.UNSUBSCRIBED),
    ({**STOPPED, "channel": "whatsapp"}, Reason.UNSUBSCRIBED),
    ({"channel": "sms"}, None),
    ({"consent": Consent(ConsentState.WITHDRAWN)}, None),
    ({"is_held_out": True, "has_open_complaint": True, "has_stuck_parcel": True}, None),
    ({"recent": (before(1), before(2), before(3), before(4))}, None),
    ({"usage": Usage(sent_today=10**9, budget_left=0, throttle_left=0, warm_up_day=1)}, None),
]


@pytest.mark.parametrize(("told", "reason"), TRANSACTIONAL)
def test_the_table_of_what_a_customer_asked_for_even_at_night(told: dict[str, Any], reason: Reason | None) -> None:
    (verdict,) = verdicts([letter(is_marketing=False, **told)], RULES, NIGHT)
    assert (verdict.kind, verdict.reason) == (Kind.REFUSE if reason else Kind.SEND, reason)


# Each trouble, in the order in which the gate asks; a message with all of them from one row on has that row's reason.
LADDER: list[tuple[dict[str, Any], Reason]] = [
    ({"good_until": NIGHT}, Reason.EXPIRED),
    ({"has_address": False}, Reason.NO_ADDRESS),
    ({"suppressed_as": Suppression.UNSUBSCRIBED}, Reason.UNSUBSCRIBED),
    ({"consent": Consent()}, Reason.NO_CONSENT),
    ({"is_held_out": True}, Reason.HELD_OUT),
    ({"has_open_complaint": True}, Reason.OPEN_COMPLAINT),
    ({"has_stuck_parcel": True}, Reason.STUCK_PARCEL),
    ({"recent": (before(1),)}, Reason.TOO_OFTEN),
    ({"usage": Usage(budget_left=0, throttle_left=0, warm_up_day=1, sent_today=50)}, Reason.QUIET_HOURS),
]


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_the_first_reason_wins(step: int) -> None:
    told = {name: value for troubles, _ in LADDER[step:] for name, value in troubles.items()}
    assert verdicts([letter(**told)], RULES, NIGHT)[0].reason is LADDER[step][1]


def test_a_channel_lacks_budget_before_days_and_days_before_speed() -> None:
    lacking = Usage(budget_left=0, throttle_left=0, warm_up_day=1, sent_today=50)
    rules = replace(RULES, daily_limits={"email": 50})
    told = [lacking, replace(lacking, budget_left=None)]
    found = [verdicts([letter(usage=usage)], rules, NOON)[0].reason for usage in told]
    assert found == [Reason.BUDGET, Reason.DAILY_LIMIT]
    assert verdicts([letter(usage=told[1])], RULES, NOON)[0].reason is Reason.WARM_UP


def test_days_of_a_channel_and_of_a_consent_are_the_shop_s_days() -> None:
    rules = replace(RULES, windows=Windows(shop_zone="Pacific/Auckland"), daily_limits={"webhook": 0})
    (verdict,) = verdicts([letter(channel="webhook")], rules, NOON)  # 22:00 in Auckland
    assert verdict.at == NOON + timedelta(hours=2)
    ends = replace(EXPRESS, expires_on=date(2026, 6, 11))
    late = [verdicts([letter(consent=ends, channel="webhook")], rules, NOON + timedelta(hours=n))[0] for n in (1, 2)]
    assert [one.reason for one in late] == [Reason.DAILY_LIMIT, Reason.CONSENT_EXPIRED]


def test_of_a_place_nobody_knows_the_shop_s_hours_count_with_three_less_at_both_ends() -> None:
    rules = Rules(windows=Windows(shop_zone="Europe/Berlin"))
    early = datetime(2026, 6, 10, 7, 59, 30, tzinfo=UTC)
    (verdict,) = verdicts([letter(place=Place())], rules, early)
    assert (verdict.reason, verdict.at) == (Reason.QUIET_HOURS, early + timedelta(seconds=30))


def test_codes_are_unique_and_lead_back_to_their_reason() -> None:
    assert [Reason.of(reason.code) for reason in Reason] == list(Reason)
    assert len({reason.sentence for reason in Reason}) == len(Reason)


def test_a_deferral_says_until_when_in_the_reader_s_time() -> None:
    (verdict,) = verdicts([letter(recent=(before(8),))], RULES, NOON)
    assert verdict.said("Europe/Berlin") == (
        "They were written to too often lately: this one may go on Thursday 11 June at 07:00."
    )
    (waiting,) = verdicts([letter(has_stuck_parcel=True)], RULES, NOON)
    assert waiting.said() == (
        "A parcel of theirs is stuck: advertising waits until it moves; it is asked again on Thursday 11 June at 10:00."
    )
