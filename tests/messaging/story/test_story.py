"""What became of messages, told: counts, lists, sentences, and deciding on those nobody can tell of."""

from datetime import timedelta

import pytest

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.letters import Outcome, State
from regulars.messaging.models import Message
from regulars.messaging.outbox import holding
from regulars.messaging.outbox.delivering import Decision, run_once
from regulars.messaging.story import reading, words
from tests.messaging.outbox.cast import ANN, BO, CLEO, DOV, NOW, Clock, Provider, Rule, ask, delivery, letter

pytestmark = pytest.mark.django_db
BY = "ann@example.com"
LOST = Outcome(State.UNKNOWN, "no answer came", "drop")


def lost(*customers: int, channel: str = "sms") -> list[str]:
    """Make messages unknown, as a provider that hangs up does; return their keys."""
    ask(*customers, channel=channel)
    provider = Provider(channel=channel)
    provider.deliver = lambda letters, dot: ((one.key, LOST) for one in letters if dot([one.key]))  # type: ignore[method-assign]
    run_once(NOW, delivery(provider, Clock()))
    return list(Message.objects.filter(state="unknown").values_list("key", flat=True))


def row(key: str) -> Message:
    return Message.objects.get(key=key)


def test_counts_are_by_state_and_channel() -> None:
    lost(ANN)
    ask(ANN, BO, CLEO)
    run_once(NOW, delivery(Provider(), Clock(), Rule({BO: Decision("refuse", "no_consent"), CLEO: Decision("defer", "quiet_hours", NOW + timedelta(hours=9))})))  # fmt: skip
    found = {(one["state"], one["channel"]): one["n"] for one in messaging.counts()}
    assert found == {("unknown", "sms"): 1, ("sent", "email"): 1, ("refused", "email"): 1, ("deferred", "email"): 1}


def test_messages_are_found_by_state_channel_name_and_key() -> None:
    (key,) = lost(ANN)
    ask(ANN, BO, name="thank_you", template="thanks")

    def names(**wanted: str) -> list[str]:
        return [one["name"] for one in messaging.recent(messaging.Filters(**wanted)).messages]

    assert names() == ["thank_you", "thank_you", "news"]
    assert names(state="unknown") == names(channel="sms") == names(text=key) == names(text="NEW") == ["news"]
    assert names(text="june", channel="email") == ["thank_you", "thank_you"]
    assert names(state="nonsense") == names(text="\0%") == names(text="nobody@example.com") == []


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    ask(*range(1, 8))
    first = messaging.recent(messaging.Filters(), limit=3)
    second = messaging.recent(messaging.Filters(), first.before, limit=3)
    third = messaging.recent(messaging.Filters(), second.before, limit=3)
    seen = [one["customer_id"] for page in (first, second, third) for one in page.messages]
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert third.before is None


def test_a_search_looks_at_the_latest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    ask(*range(1, 8))
    monkeypatch.setattr(reading, "LATEST", 3)
    assert [one["customer_id"] for one in messaging.recent(messaging.Filters(text="news")).messages] == [7, 6, 5]
    assert len(messaging.recent(messaging.Filters(state="queued")).messages) == 7, "what waits is never left out"


def test_every_state_has_a_sentence_and_every_reason_of_the_gate_too() -> None:
    for state in State:
        for reason in ("", "worker_lost", "given_up", "not_written", "settled", "sent_again", "moon", *[one.code for one in consent.gate.Reason]):  # fmt: skip
            said = words.sentence(words.Fate(state, reason, due_at=NOW, finished_at=NOW), "Europe/Berlin")
            assert said.endswith("."), said
            assert "None" not in said
    assert words.because("moon") == "The reason is noted as “moon”."


def test_a_person_has_the_messages_of_all_their_numbers() -> None:
    ask(ANN, BO, CLEO)
    assert [one["customer_id"] for one in messaging.of_customer([ANN, CLEO])] == [CLEO, ANN]


def test_what_is_unknown_is_taken_as_sent_or_given_up_and_stands_in_the_audit_log() -> None:
    first, second = lost(ANN, BO)
    messaging.settle(first, messaging.Settled.SENT, BY, NOW)
    messaging.settle(second, messaging.Settled.GIVEN_UP, BY, NOW)
    assert [(row(key).state, row(key).reason) for key in (first, second)] == [("sent", "settled"), ("failed", "settled")]  # fmt: skip
    assert not messaging.unknown()
    assert [(one["actor"], one["about"], one["details"]) for one in access.deeds(None, 5)] == [
        (BY, second, {"decision": "given_up"}),
        (BY, first, {"decision": "sent"}),
    ]


def test_sending_again_takes_the_word_that_it_may_arrive_twice() -> None:
    (key,) = lost(ANN)
    with pytest.raises(messaging.CannotSettle, match="may make it arrive twice"):
        messaging.settle(key, messaging.Settled.AGAIN, BY, NOW)
    assert row(key).state == "unknown"
    messaging.settle(key, messaging.Settled.AGAIN, BY, NOW, may_arrive_twice=True)
    assert row(key).state == "queued"
    provider = Provider(channel="sms")
    run_once(NOW, delivery(provider, Clock()))
    assert row(key).state == "sent"
    assert len(provider.accepted) == 1


def test_only_what_is_unknown_is_decided_on() -> None:
    (key,) = lost(ANN)
    messaging.settle(key, messaging.Settled.SENT, BY, NOW)
    for decision in messaging.Settled:
        with pytest.raises(messaging.CannotSettle, match="not unknown any more"):
            messaging.settle(key, decision, BY, NOW, may_arrive_twice=True)
    with pytest.raises(messaging.CannotSettle, match="not unknown any more"):
        messaging.settle("0" * 32, messaging.Settled.SENT, BY, NOW)
    assert row(key).state == "sent"


def test_a_worker_that_comes_back_late_changes_nothing_that_was_decided() -> None:
    ask(DOV, channel="sms")
    (held,) = holding.claim(["sms"], "me", 5, NOW)
    holding.dot([held], "me", "provider", NOW)
    holding.sweep([], NOW + timedelta(hours=1))
    messaging.settle(held.key, messaging.Settled.AGAIN, BY, NOW, may_arrive_twice=True)
    late = holding.Put(held, State.SENT)
    assert holding.put([late], "me", NOW + timedelta(hours=2)) == 0
    assert row(held.key).state == "queued"


def test_the_drawers_letters_are_listed_newest_first_and_read_whole() -> None:
    ask(ANN)
    (held,) = holding.claim(["email"], "me", 5, NOW)
    list(Drawer("email").deliver([letter(held)], frozenset))
    found, count = messaging.drawn("", 0, 10)
    assert (count, [one["key"] for one in found]) == (1, [held.key])
    assert messaging.drawn("sms", 0, 10) == ([], 0)
    kept = messaging.drawn_letter(held.key)
    assert kept is not None
    assert kept["customer_id"] == ANN
    assert messaging.drawn_letter("0" * 32) is None
