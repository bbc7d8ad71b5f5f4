"""A broadcast: fixed once, asked for once per person, gone by the gate; held where somebody must be asked first."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.access import api as access
from regulars.campaigns import api as campaigns
from regulars.campaigns.models import Edition, Recipient
from regulars.campaigns.running import asking, audience
from regulars.events import api as events
from regulars.messaging.models import Drawn, Message
from regulars.segments import api as segments
from tests.campaigns.shop import LETTER, NOW, asked, edition, keep, keep_segment, open_shop, person, states, tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_newsletter_goes_to_everybody_of_its_segment_once_and_leaves_its_story() -> None:
    open_shop(5)
    keep_segment()
    keep(audience={"segment": "all"})
    assert campaigns.send("letter", "ann", NOW) == NOW + 5 * MINUTE
    tick(NOW + 4 * MINUTE)
    assert asked() == []
    tick(NOW + 5 * MINUTE)
    tick(NOW + 6 * MINUTE)
    assert asked() == [1, 2, 3, 4, 5]
    assert states() == {"sent": 5}
    assert Drawn.objects.count() == 5
    found = edition()
    assert (found.state, found.n_recipients, found.n_asked) == ("done", 5, 5)
    with events.reader(NOW) as moment:
        became = campaigns.became(moment, "letter", 1)
    assert became is not None
    assert (became.counts.sent, became.waiting, became.unknown, became.counts.refused) == (5, 0, 0, {})
    assert [deed["action"] for deed in access.deeds(None, 9)][:2] == ["campaign.sent", "campaign.added"]


def test_the_gate_decides_as_for_everything_else_and_its_reasons_are_counted() -> None:
    open_shop(3)
    events.append([_withdrawn(2)], NOW)
    keep()
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    tick(NOW + 6 * MINUTE)
    assert states() == {"sent": 2, "refused": 1}
    with events.reader(NOW) as moment:
        became = campaigns.became(moment, "letter", 1)
    assert became is not None
    assert became.counts.refused == {"withdrawn": 1}


def _withdrawn(n: int) -> events.Told:
    fact = events.ConsentWithdrawn(channel="email", method="form")
    return events.Told(fact=fact, source="world", occurred_at=NOW, people=person(n))


def test_the_audience_is_fixed_when_it_begins() -> None:
    open_shop(3)
    campaigns.upload("all", "c1\nc2\n", "ann", NOW)
    keep(per_minute=1)
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    campaigns.upload("all", "c1\nc2\nc3\n", "ann", NOW)
    for n in range(6, 10):
        campaigns.run_once(NOW + n * MINUTE)
    assert asked() == [1, 2]


def test_a_segment_that_is_being_counted_is_waited_for() -> None:
    open_shop(2)
    keep_segment()
    segments.put(segments.Draft("all", "Everybody", {"field": "orders", "is": 0}, {}), "ann", NOW)
    keep(audience={"segment": "all"})
    campaigns.send("letter", "ann", NOW)
    campaigns.run_once(NOW + 5 * MINUTE)
    assert (edition().state, asked()) == ("fixing", [])
    tick(NOW + 6 * MINUTE)
    assert asked() == [1, 2]


def test_the_throttle_lets_so_many_go_in_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    open_shop(7)
    keep(per_minute=3)
    campaigns.send("letter", "ann", NOW)
    at, gone = NOW + 5 * MINUTE, []
    for n in range(4):
        campaigns.run_once(at + n * MINUTE)
        campaigns.run_once(at + n * MINUTE + timedelta(seconds=30))
        gone.append(len(asked()))
    assert gone == [3, 6, 7, 7]


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 5, 6])
def test_killed_anywhere_nobody_gets_it_twice_and_nobody_is_lost(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every commit of the engine is a place where the power may fail, right before or right behind it."""
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    monkeypatch.setattr(audience, "AT_ONCE", 2)
    open_shop(5)
    keep()
    campaigns.send("letter", "ann", NOW)
    at = NOW + 5 * MINUTE
    with monkeypatch.context() as patched:
        _fail_at(place, patched)
        with pytest.raises(KeyboardInterrupt):
            campaigns.run_once(at)
    campaigns.run_once(at + HOUR)
    campaigns.run_once(at + HOUR)
    assert asked() == [1, 2, 3, 4, 5]
    assert Recipient.objects.filter(asked_at__isnull=True).count() == 0
    assert edition().n_asked == 5
    assert edition().state == "done"


def _fail_at(place: int, patched: pytest.MonkeyPatch) -> None:
    """Let the place-th check of the lease end this worker: it stands in each transaction, before its writes."""
    from regulars.events.log import leases

    check, seen = leases.Held.check, [0]

    def failing(held: Any) -> None:
        seen[0] += 1
        if seen[0] > place + 1:
            raise KeyboardInterrupt
        check(held)

    patched.setattr(leases.Held, "check", failing)


def test_two_who_turn_out_to_be_one_get_one_letter() -> None:
    open_shop(3)
    keep(per_minute=1)
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    both = events.Told(
        fact=events.CustomerMerged(merged_id=2), source="world", occurred_at=NOW, people={"customer": "1"}
    )
    events.append([both], NOW)
    for n in range(6, 10):
        tick(NOW + n * MINUTE)
    assert asked() == [1, 3]
    assert edition().state == "done"


def test_cancelling_takes_back_what_was_not_handed_over_and_tells_what_left() -> None:
    open_shop(5)
    keep(per_minute=2)
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    campaigns.run_once(NOW + 6 * MINUTE)
    assert states() == {"sent": 2, "queued": 2}
    done = campaigns.cancel("letter", 1, "ann", NOW + 7 * MINUTE)
    assert (done.n_not_asked, done.n_withdrawn, done.n_gone) == (1, 2, 2)
    for n in range(8, 12):
        tick(NOW + n * MINUTE)
    assert states() == {"sent": 2, "refused": 2}
    assert set(Message.objects.filter(state="refused").values_list("reason", flat=True)) == {"cancelled"}
    with pytest.raises(campaigns.BadCampaign, match="cancelled already"):
        campaigns.cancel("letter", 1, "ann", NOW)


def test_nothing_leaves_within_the_time_to_undo() -> None:
    open_shop(2)
    keep()
    campaigns.send("letter", "ann", NOW)
    campaigns.cancel("letter", 1, "ann", NOW + 4 * MINUTE)
    tick(NOW + HOUR)
    assert asked() == []


def test_what_is_on_its_way_is_not_sent_once_more() -> None:
    open_shop(2)
    keep()
    campaigns.send("letter", "ann", NOW)
    with pytest.raises(campaigns.BadCampaign, match="on its way or planned"):
        campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    campaigns.send("letter", "ann", NOW + HOUR)
    tick(NOW + 2 * HOUR)
    assert (asked("letter/1"), asked("letter/2")) == ([1, 2], [1, 2])


def test_a_broadcast_that_is_hours_late_asks_first() -> None:
    open_shop(2)
    keep()
    campaigns.send("letter", "ann", NOW)
    late = NOW + 7 * HOUR
    tick(late)
    assert (edition().state, asked()) == ("held", [])
    assert "more than 6 hours ago" in edition().problem
    campaigns.go_on("letter", 1, "ann", late)
    tick(late + 4 * MINUTE)
    assert asked() == []
    tick(late + 5 * MINUTE)
    assert asked() == [1, 2]


def test_a_copy_that_is_put_back_in_mid_broadcast_asks_before_it_goes_on() -> None:
    open_shop(4)
    keep(per_minute=1)
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    later = NOW + timedelta(days=2)
    tick(later)
    assert (edition().state, asked()) == ("held", [1])
    campaigns.go_on("letter", 1, "ann", later)
    for n in range(1, 5):
        tick(later + n * MINUTE)
    assert (edition().state, asked()) == ("done", [1, 2, 3, 4])


def test_a_fenced_system_plans_and_sends_nothing() -> None:
    open_shop(2)
    keep()
    campaigns.send("letter", "ann", NOW)
    events.fence()
    tick(NOW + 5 * MINUTE)
    assert (edition().state, asked()) == ("planned", [])


def test_above_the_house_s_number_somebody_else_approves() -> None:
    open_shop(3)
    campaigns.put_house(5, 6, 2, "ann", NOW)
    keep()
    campaigns.send("letter", "ann", NOW)
    assert edition().needs_approval
    tick(NOW + 5 * MINUTE)
    assert (edition().state, asked()) == ("held", [])
    with pytest.raises(campaigns.BadCampaign, match="more people"):
        campaigns.go_on("letter", 1, "bo", NOW)
    with pytest.raises(campaigns.BadCampaign, match="yourself"):
        campaigns.approve("letter", 1, "ann", NOW)
    campaigns.approve("letter", 1, "bo", NOW + 6 * MINUTE)
    tick(NOW + 7 * MINUTE)
    assert asked() == [1, 2, 3]


def test_an_approval_is_for_what_was_written_then() -> None:
    open_shop(3)
    campaigns.put_house(5, 6, 2, "ann", NOW)
    keep()
    campaigns.send("letter", "ann", NOW)
    campaigns.approve("letter", 1, "bo", NOW)
    assert not edition().needs_approval
    keep(subject="Another one")
    assert edition().needs_approval


def test_what_cannot_go_is_held_with_the_reason() -> None:
    open_shop(2)
    keep()
    campaigns.send("letter", "ann", NOW)
    keep(template="newsleter")
    tick(NOW + 5 * MINUTE)
    assert edition().state == "held"
    assert edition().problem == "There is no template 'newsleter'; did you mean 'newsletter'?"
    campaigns.put({**LETTER, "name": "other", "audience": {"list": "al"}}, "ann", NOW)
    with pytest.raises(campaigns.BadCampaign, match="did you mean"):
        campaigns.send("other", "ann", NOW)


def test_an_own_subject_stands_in_place_of_the_template_s() -> None:
    open_shop(1, first_name="Ann")
    keep(subject="Tea for {{ customer.first_name }}")
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    assert list(Drawn.objects.values_list("subject", flat=True)) == ["Tea for Ann"]


def test_a_campaign_that_wrote_to_people_stays_as_its_record() -> None:
    open_shop(1)
    keep()
    campaigns.send("letter", "ann", NOW)
    with pytest.raises(campaigns.BadCampaign, match="cancel that first"):
        campaigns.drop("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    with pytest.raises(campaigns.BadCampaign, match="record"):
        campaigns.drop("letter", "ann", NOW)
    assert Edition.objects.count() == 1


def test_an_uploaded_list_goes_to_those_the_shop_knows_and_tells_the_others() -> None:
    open_shop(3)
    text = "email,name\nC1@example.com,Ann\nnobody@example.com,X\nc3,Cleo\n\nc3@example.com,again\n"
    done = campaigns.upload("fair", text, "ann", NOW)
    assert (done.n_people, done.n_unknown, done.some_unknown) == (2, 1, ["nobody@example.com"])
    keep(audience={"list": "fair"})
    campaigns.send("letter", "ann", NOW)
    tick(NOW + 5 * MINUTE)
    assert asked() == [1, 3]
