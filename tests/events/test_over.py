"""Starting over, the shop's label and the fence: real database, real lake."""

from datetime import timedelta

import pytest

from regulars.core.answers.cache import ResultCache
from regulars.core.settings import current
from regulars.events import api as events
from regulars.events.models import InboxKey, Log, Shop
from regulars.profiles import api as profiles
from tests.events import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NOW = cast.NOW


def tell(*orders: events.Told) -> int:
    accepted = events.append(orders, NOW).accepted
    events.sequence(NOW, profiles.people)
    events.flush_when_due(NOW + timedelta(minutes=5))
    return accepted


def ids() -> list[str]:
    with events.reader(NOW) as moment:
        return [row[0] for row in moment.rows("SELECT order_id FROM orders ORDER BY 1")]


def test_after_starting_over_nothing_is_left_and_what_was_told_before_is_new_again() -> None:
    tell(cast.placed("A1", cast.GUEST), cast.placed("A2", cast.GUEST))
    assert ids() == ["A1", "A2"]
    old = events.lake_root()
    assert old.is_dir()
    events.fix("EUR", "Europe/Berlin")
    events.set_label("demo")
    events.start_over(NOW)
    assert (events.newest(), events.currency(), events.timezone(), events.label()) == (0, "", "UTC", "")
    assert events.lake_root() == old.with_name(f"{old.name}-1")
    assert not old.exists()
    assert ids() == []
    assert (InboxKey.objects.count(), Log.objects.count()) == (0, 0)
    assert tell(cast.placed("A1", cast.GUEST)) == 1
    assert ids() == ["A1"]
    events.start_over(NOW)
    assert events.lake_root() == old.with_name(f"{old.name}-2")
    assert ids() == []


def test_an_answer_of_the_old_shop_is_not_given_for_the_same_seq_of_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("regulars.events.over.reader.cache_folder", lambda: events.lake_root() / "elsewhere")
    tell(cast.placed("A1", cast.GUEST))
    first, seq = events.version(), events.newest()
    assert events.cached(("ids",), lambda: {"ids": ids()}) == {"ids": ["A1"]}
    events.start_over(NOW)
    tell(cast.placed("B1", cast.GUEST))
    assert events.newest() == seq
    assert events.version() != first
    assert events.cached(("ids",), lambda: {"ids": ids()}) == {"ids": ["B1"]}


def test_starting_over_waits_for_nobody_and_leaves_everything_when_somebody_writes() -> None:
    tell(cast.placed("A1", cast.GUEST))
    for name in ("sequencer", "derive"):
        with events.held(name, NOW), pytest.raises(events.Busy):
            events.start_over(NOW)
    assert ids() == ["A1"]
    assert Shop.objects.get().generation == 0


def test_the_answers_kept_for_the_old_shop_are_deleted_with_it() -> None:
    events.cached(("x",), lambda: {"name": "Ann"})
    assert list((current().home / "cache").glob("*.json"))
    events.start_over(NOW)
    assert not (current().home / "cache").exists()
    assert ResultCache(current().home / "cache").get_or_make(("x",), lambda: {"name": ""}) == {"name": ""}


def test_a_label_and_a_fence_stay_while_an_import_fixes_the_currency() -> None:
    assert (events.label(), events.is_fenced()) == ("", False)
    events.set_label("cdnow")
    events.fence()
    events.fix("USD", None)
    assert (events.label(), events.is_fenced(), events.currency()) == ("cdnow", True, "USD")
    events.start_over(NOW)
    assert events.is_fenced()
    events.release()
    assert not events.is_fenced()
