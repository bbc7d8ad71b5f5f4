"""The log: told once, sequenced once, flushed once, and read at one moment with its tail."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.events.models import Inbox, Log
from tests.events.cast import ANN, BO, CLEO, DAY_0, GUEST, NOW, cancelled, placed, refunded, updated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def sums() -> dict[int, tuple[int, Decimal, Decimal]]:
    with events.reader(NOW) as moment:
        rows = moment.rows("SELECT customer_id, orders, gross, refunded FROM customer_sum ORDER BY customer_id")
    return {row[0]: row[1:] for row in rows}


def test_what_was_told_before_is_a_duplicate_whoever_tells_it() -> None:
    first = events.append([placed("A1", ANN)], NOW)
    again = events.append([placed("A1", ANN)], NOW)
    other = placed("A1", ANN)
    by_another = events.append([events.Told(fact=other.fact, source="file", occurred_at=DAY_0, people=ANN)], NOW)
    assert (first.accepted, again.duplicates, by_another.duplicates) == (1, 1, 1)
    loop.run_once(NOW)
    assert events.append([placed("A1", ANN)], NOW).duplicates == 1
    assert sums() == {1: (1, Decimal("10"), Decimal("0"))}


def test_an_event_id_that_comes_back_with_another_fact_does_not_block_that_fact() -> None:
    events.append([placed("A1", ANN)], NOW)
    reused = placed("A2", ANN)
    assert (
        events.append(
            [events.Told(fact=reused.fact, source="shop", event_id="placed-A1", occurred_at=DAY_0)], NOW
        ).duplicates
        == 1
    )
    assert events.append([placed("A2", ANN)], NOW).accepted == 1


def test_unflushed_facts_are_read_and_flushing_changes_nothing() -> None:
    events.append([placed("A1", ANN), placed("B1", BO, day=3), placed("G1", GUEST)], NOW)
    loop.run_once(NOW)
    assert Log.objects.count() > 0
    before = sums()
    assert loop.run_once(NOW + timedelta(minutes=2))["events.flush"] == 7
    assert Log.objects.count() == 0
    assert sums() == before == {1: (1, Decimal("10"), Decimal("0")), 2: (1, Decimal("10"), Decimal("0"))}


def test_who_follows_the_log_is_shown_new_facts_of_the_kinds_asked_for_before_and_after_a_flush() -> None:
    events.append([placed("A1", ANN)], NOW)
    loop.run_once(NOW)
    done = events.newest()
    assert events.after(("order.placed",), done) is None
    events.append([placed("B1", BO)], NOW)
    loop.run_once(NOW)
    assert events.after(("order.refunded",), done) is None
    for _ in ("in the log", "in the lake"):
        moment = events.after(("order.placed", "order.refunded"), done)
        assert moment is not None
        with moment:
            assert moment.rows("SELECT order_id FROM facts.order_placed WHERE seq > $seq", seq=done) == [("B1",)]
            assert moment.rows("SELECT count(*) FROM facts.order_refunded") == [(0,)]
        loop.run_once(NOW + timedelta(minutes=2))
    assert Log.objects.count() == 0


def test_newcomers_are_numbered_without_a_gap_over_batches_and_known_people_take_no_number() -> None:
    people = [{"id": name} for name in ("c1", "c2", "c1", "c3")]
    events.append([placed(f"A{n}", one) for n, one in enumerate(people)], NOW)
    loop.run_once(NOW)
    events.append([placed("B1", {"id": "c2"}), placed("B2", {"id": "c4"}), placed("B3", {"email": "no"})], NOW)
    loop.run_once(NOW)
    rows = Log.objects.filter(kind="order.placed").order_by("seq").values_list("customer_id", flat=True)
    assert list(rows) == [1, 2, 1, 3, 2, 4, 0]
    assert list(Log.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 12))


def test_corrections_reach_the_customer_of_their_order_also_on_top_of_a_base() -> None:
    events.append([placed("A1", ANN, total="30"), placed("A2", ANN, day=9), placed("B1", BO)], NOW)
    loop.run_once(NOW)
    assert sums()[1] == (2, Decimal("40"), Decimal("0"))  # builds the base
    events.append([refunded("A1", "r1", "4"), cancelled("A2"), updated("B1", "v2", "12.50", minute=5)], NOW)
    loop.run_once(NOW)
    overlaid = sums()
    assert overlaid == {1: (1, Decimal("30"), Decimal("4")), 2: (1, Decimal("12.50"), Decimal("0"))}
    loop.rebuild(NOW)
    assert sums() == overlaid


def test_the_newest_version_wins_in_whatever_order_it_arrives() -> None:
    told = [placed("A1", ANN, total="1"), updated("A1", "v1", "2", minute=1), updated("A1", "v2", "3", minute=2)]
    told += [
        refunded("A1", "t1", "1", day=1, is_total=True),
        refunded("A1", "t2", "2", day=2, is_total=True),
        refunded("A1", "r1", "1"),
    ]
    results = []
    for seed in range(4):
        Random(seed).shuffle(told)
        events.append([_again(item, seed) for item in told], NOW)
        loop.run_once(NOW)
        with events.reader(NOW) as moment:
            query = "SELECT gross, refunded FROM orders WHERE order_id = $id"
            results.append(moment.rows(query, id=f"A1-{seed}"))
            days = moment.rows("SELECT sum(refunded) FROM refund_days")
        assert days == [(Decimal(2 * (seed + 1)),)]
    assert results == [[(Decimal("3"), Decimal("2"))]] * 4


def _again(item: events.Told, seed: int) -> events.Told:
    from dataclasses import replace

    order_id = f"{item.fact.order_id}-{seed}"  # type: ignore[attr-defined]
    more = {"refund_id": f"{item.fact.refund_id}-{seed}"} if hasattr(item.fact, "refund_id") else {}
    fact = replace(item.fact, order_id=order_id, **more)  # type: ignore[arg-type]
    return replace(item, fact=fact, event_id=f"{item.event_id}-{seed}")


def test_a_shared_identifier_merges_two_customers_and_the_figures_follow() -> None:
    events.append([placed("A1", {"id": "c9"}), placed("C1", CLEO, day=5)], NOW)
    loop.run_once(NOW)
    assert set(sums()) == {1, 2}
    events.append([placed("C2", {"id": "c9", **CLEO}, day=7)], NOW)
    loop.run_once(NOW)
    merged = sums()
    assert merged == {1: (3, Decimal("30"), Decimal("0"))}
    events.append([placed("C3", CLEO, day=8)], NOW)
    loop.run_once(NOW)
    assert sums() == {1: (4, Decimal("40"), Decimal("0"))}
    loop.rebuild(NOW)
    assert sums() == {1: (4, Decimal("40"), Decimal("0"))}


def test_an_earlier_seq_can_be_read_again() -> None:
    events.append([placed("A1", ANN)], NOW)
    loop.run_once(NOW)
    seq = events.newest()
    events.append([placed("A2", ANN, day=2)], NOW)
    loop.run_once(NOW + timedelta(minutes=2))
    with events.reader(NOW, as_of_seq=seq) as moment:
        assert moment.rows("SELECT orders FROM customer_sum") == [(1,)]
    assert sums()[1][0] == 2


def test_rebuild_gives_the_same_rows_as_living_through_it() -> None:
    from regulars.profiles.models import Customer, Identity

    random = Random(7)
    people = [ANN, BO, CLEO, {"id": "c4", "phone": "+49 30 123456"}, {"phone": "0049 30 123456"}, {"id": "c2"}]
    for number in range(40):
        events.append([placed(f"O{number}", random.choice(people), day=number)], NOW)
        loop.run_once(NOW + timedelta(seconds=number * 20))
    live = (
        list(Customer.objects.order_by("id").values()),
        list(Identity.objects.order_by("identifier").values()),
        sums(),
    )
    loop.rebuild(NOW)
    again = (
        list(Customer.objects.order_by("id").values()),
        list(Identity.objects.order_by("identifier").values()),
        sums(),
    )
    assert again == live
    assert Inbox.objects.count() == 0


def test_a_typo_in_a_kind_or_field_is_answered_with_the_near_name() -> None:
    with pytest.raises(events.UnknownKind, match=r"did you mean 'order\.placed'"):
        events.read("order.place", {})
    with pytest.raises(events.InvalidFact, match="did you mean 'currency'"):
        events.read("order.placed", {"order_id": "1", "total": "1", "curency": "EUR"})
    with pytest.raises(events.InvalidFact, match=r"\$\.total"):
        events.read("order.placed", {"order_id": "1", "total": "ten", "currency": "EUR"})


def test_only_one_process_sequences_at_a_time() -> None:
    events.append([placed("A1", ANN)], NOW)
    with events.held("sequencer", NOW):
        assert loop.run_once(NOW)["events.sequence"] == 0
    assert loop.run_once(NOW)["events.sequence"] == 1


def test_small_files_are_joined_and_old_ones_deleted_while_readers_read_on() -> None:
    from regulars.core.lake.tables import Table

    table = Table(events.lake_root(), events.schema_of("order.placed"))
    for number in range(6):
        events.append([placed(f"A{number}", ANN, day=number)], NOW)
        loop.run_once(NOW + timedelta(minutes=2 * number))
    before = sums()
    snapshot = table.snapshot()
    assert snapshot is not None
    assert len(snapshot.files) > 1
    with events.reader(NOW) as moment:
        loop.run_once(NOW + timedelta(hours=2))
        joined = table.snapshot()
        assert joined is not None
        assert (len(joined.files), joined.watermark) == (1, snapshot.watermark)
        assert moment.rows("SELECT count(*) FROM order_placed") == [(6,)]
    assert sums() == before


def test_a_kind_that_the_shop_made_up_is_kept_and_a_typo_is_not() -> None:
    told = events.read_any("wishlist.shared", {"item": "soap", "n": 2})
    events.append([events.Told(fact=told, source="shop", occurred_at=DAY_0, people=ANN)], NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        rows = moment.rows("SELECT customer_id, name, properties->>'item' FROM custom_tracked")
    assert rows == [(1, "wishlist.shared", "soap")]
    with pytest.raises(events.UnknownKind):
        events.read_any("order.place", {})


def test_a_fact_of_loose_values_is_kept_with_its_defaults() -> None:
    loose = events.read("order.placed", {"order_id": "L1", "total": "7.50", "currency": "EUR"})
    events.append([events.Told(fact=loose, source="shop", event_id="l1", occurred_at=DAY_0, people=ANN)], NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        assert moment.rows("SELECT rate, is_test, lines FROM order_placed") == [(Decimal("1.000000000"), False, [])]
        assert moment.rows("SELECT order_id, gross FROM orders") == [("L1", Decimal("7.5000"))]


def test_a_customers_own_number_leads_to_the_customer_and_makes_nobody() -> None:
    events.append([placed("A1", ANN), placed("B1", BO)], NOW)
    loop.run_once(NOW)
    events.append([placed("A2", {"customer": "2"}), placed("X1", {"customer": "99"})], NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        told = moment.rows("SELECT order_id, customer_id FROM order_placed WHERE order_id IN ('A2', 'X1') ORDER BY 1")
        assert told == [("A2", 2), ("X1", 0)]
        assert moment.rows("SELECT count(DISTINCT customer_id) FROM customer_identified") == [(2,)]
