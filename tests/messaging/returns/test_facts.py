"""From returns to facts: what is told twice, by whomever, is one fact; what happens again is another; no address in any."""

import dataclasses
from dataclasses import replace

import pytest

from regulars.events import api as events
from regulars.messaging.returns import About, Kind, Returned, fact_of, read_mail
from tests.messaging.returns import letters
from tests.messaging.returns.cast import ADDRESS, KEY, NOW, door
from tests.messaging.returns.samples import SAMPLES

ABOUT = About(message_key=KEY, channel="email", is_marketing=True, campaign="spring", template="teas", provider="smtp")


def returns(kind: Kind) -> list[Returned]:
    return [told for one in SAMPLES for told in door(one.provider).read(one.request) if told.kind is kind]


def keys(told: list[Returned]) -> set[str | None]:
    return {stated.natural_key() for one in told if (stated := fact_of(one, ABOUT))}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OTHER])
def test_every_kind_of_return_becomes_its_fact(kind: Kind) -> None:
    told = returns(kind)
    assert told
    for one in told:
        stated = fact_of(one, ABOUT)
        assert stated is not None
        assert stated.kind == f"message.{kind}"
        assert (stated.message_key, stated.campaign, stated.provider) == (KEY, "spring", "smtp")  # type: ignore[attr-defined]


def test_what_nobody_knows_is_no_fact() -> None:
    assert [fact_of(one, ABOUT) for one in returns(Kind.OTHER)] == [None] * len(returns(Kind.OTHER))


@pytest.mark.parametrize("kind", [Kind.SENT, Kind.DELIVERED, Kind.COMPLAINED, Kind.UNSUBSCRIBED, Kind.FAILED])
def test_what_happens_once_is_one_fact_whoever_tells_it(kind: Kind) -> None:
    assert len(returns(kind)) > 3
    assert len(keys(returns(kind))) == 1


def test_a_webhook_and_a_bounce_mail_about_one_bounce_are_one_fact() -> None:
    (mailed,) = read_mail(letters.status("failed", "5.1.1", "550 5.1.1 user unknown"), NOW)
    hooked = next(one for one in returns(Kind.BOUNCED) if one.bounce == "hard")
    assert len(keys([mailed, hooked])) == 1


def test_a_soft_bounce_and_a_hard_one_are_two_facts() -> None:
    (hard,) = read_mail(letters.status("failed", "5.1.1", "no"), NOW)
    (soft,) = read_mail(letters.status("failed", "5.2.2", "full"), NOW)
    assert len(keys([hard, soft])) == 2


@pytest.mark.parametrize("kind", [Kind.OPENED, Kind.CLICKED, Kind.DEFERRED, Kind.REPLIED])
def test_what_happens_again_is_another_fact_and_its_retry_is_not(kind: Kind) -> None:
    one = returns(kind)[0]
    assert len(keys([one, replace(one, event_id="another")])) == 2
    assert len(keys([one, replace(one, at=NOW.replace(hour=20))])) == 1


def test_no_fact_holds_an_address_or_what_somebody_wrote() -> None:
    everything = [told for one in SAMPLES for told in door(one.provider).read(one.request)]
    everything += read_mail(letters.QMAIL, NOW) + read_mail(letters.answer(f"Call me: +4915112345678 {ADDRESS}"), NOW)
    for told in everything:
        stated = fact_of(told, ABOUT)
        if stated is not None:
            written = repr(dataclasses.astuple(stated))  # type: ignore[call-overload]
            assert not any(secret in written for secret in ("ann", "15551234567", "4915112345678", "Call me"))


def test_the_gate_says_no_as_a_fact_too() -> None:
    fields = {"message_key": KEY, "channel": "sms", "is_marketing": True, "reason": "held_out"}
    assert events.read("message.refused", fields).natural_key() == f"message.refused\x1f{KEY}"
    with pytest.raises(events.InvalidFact):
        events.read("message.refused", {**fields, "reason": None})


def test_facts_about_messages_have_tables_of_their_own() -> None:
    for kind in ("sent", "delivered", "deferred", "bounced", "failed", "refused", "opened", "clicked", "complained"):
        columns = [column.name for column in events.schema_of(f"message.{kind}").columns]
        assert len(columns) == len(set(columns))
        assert {"message_key", "channel", "is_marketing", "campaign", "template"} <= set(columns)
