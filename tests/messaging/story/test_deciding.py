"""Many unknown messages are decided on at once: by number, in one audit line, and marketing again only where that is said."""

import pytest

from regulars.access import api as access
from regulars.messaging import api as messaging
from regulars.messaging.models import Message
from tests.messaging.outbox.cast import ANN, BO, CLEO, DOV, NOW
from tests.messaging.story.test_story import BY, lost

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys() -> list[str]:
    """Leave four unknown texts (Ann's and Bo's are of an order) and one unknown mail."""
    lost(ANN, BO, CLEO, DOV)
    lost(DOV, channel="email")
    Message.objects.filter(customer_id__in=[ANN, BO]).update(is_marketing=False)
    return list(Message.objects.filter(channel="sms").order_by("id").values_list("key", flat=True))


def decide(which: messaging.Which, decision: str, n: int, **more: bool) -> int:
    return messaging.settle_many(which, messaging.Verdict(messaging.Settled(decision), n, **more), BY, NOW)


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def test_all_that_match_are_counted_and_decided_on(keys: list[str]) -> None:
    texts = messaging.Which(filters=messaging.Filters(channel="sms"))
    assert messaging.standing(messaging.Which()) == {"n": 5, "n_marketing": 3}
    assert messaging.standing(texts) == {"n": 4, "n_marketing": 2}
    assert decide(texts, "sent", 4) == 4
    assert states() == ["sent"] * 4 + ["unknown"]
    assert set(Message.objects.filter(channel="sms").values_list("reason", flat=True)) == {"settled"}
    (deed,) = access.deeds(None, 9)
    assert (deed["actor"], deed["action"], deed["about"]) == (BY, "messages.settled", "4 messages")
    assert deed["details"] == {"decision": "sent", "count": 4, "keys": " ".join(keys)}


def test_marked_ones_alone_are_decided_on(keys: list[str]) -> None:
    assert decide(messaging.Which(keys[1:3]), "given_up", 2) == 2
    assert states() == ["unknown", "failed", "failed", "unknown", "unknown"]


def test_marketing_is_sent_again_only_where_that_is_said(keys: list[str]) -> None:
    which = messaging.Which(keys)
    with pytest.raises(messaging.CannotSettle, match="arrive twice"):
        decide(which, "again", 4)
    assert decide(which, "again", 4, may_arrive_twice=True) == 2
    assert states() == ["queued", "queued", "unknown", "unknown", "unknown"]
    assert decide(which, "again", 2, may_arrive_twice=True, with_marketing=True) == 2
    assert states() == ["queued"] * 4 + ["unknown"]


def test_another_number_than_was_confirmed_changes_nothing(keys: list[str]) -> None:
    for n in (3, 5, -1):
        with pytest.raises(messaging.CannotSettle, match=f"4 such messages now and not {n}"):
            decide(messaging.Which(keys), "sent", n)
    assert set(states()) == {"unknown"}
    assert not access.deeds(None, 9)


def test_what_is_known_is_not_decided_on(keys: list[str]) -> None:
    Message.objects.filter(key=keys[0]).update(state="sent")
    assert messaging.standing(messaging.Which(keys))["n"] == 3
    assert decide(messaging.Which(keys), "given_up", 3) == 3
    assert Message.objects.get(key=keys[0]).state == "sent"
