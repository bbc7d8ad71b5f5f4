"""Importing orders end to end: real database, real lake, from a file to the figures and back again."""

import csv
import shutil
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regulars import loop
from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.profiles.models import Customer
from regulars.sources import api as sources
from tests.events import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TINY = Path(__file__).parents[1] / "data" / "tiny" / "orders.csv"
GENERIC = ["order_id", "customer_id", "email", "ordered_at", "total", "refunded", "currency"]


def write(path: Path, rows: list[list[Any]], header: list[str] = GENERIC) -> Path:
    with path.open("w", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


def bring(path: Path, target: str = "orders", **hints: Any) -> sources.Result:
    return sources.import_file(target, sources.Request(path, profiles.people, NOW), sources.options(**hints))


def ask(query: str) -> list[tuple[Any, ...]]:
    with events.reader(NOW) as moment:
        return moment.rows(query)


def counts(result: sources.Result) -> tuple[int, int, int, int]:
    return result.rows, result.accepted, result.rejected, result.duplicates


def order(
    order_id: str, who: str = "c1", day: str = "2024-01-03", total: str = "10.00", refunded: str = "0"
) -> list[str]:
    return [order_id, who, f"{who}@example.com" if who else "", f"{day}T10:00:00Z", total, refunded, "EUR"]


def test_the_tiny_file_and_again(tmp_path: Path) -> None:
    first = bring(TINY)
    assert counts(first) == (12, 10, 1, 1)
    totals = "SELECT sum(orders), sum(gross), (SELECT sum(refunded) FROM refund_days) FROM day_totals"
    assert ask(totals) == [(10, Decimal("435.75"), Decimal("65.50"))]
    seq = events.newest()
    assert counts(bring(TINY)) == (12, 0, 1, 11)
    assert events.newest() == seq
    assert ask(totals) == [(10, Decimal("435.75"), Decimal("65.50"))]
    assert sources.totals() == {"rows": 12, "accepted": 10, "rejected": 1, "duplicates": 1}


def test_rejects_name_line_field_reason_and_what_to_do_and_can_be_imported_when_mended(tmp_path: Path) -> None:
    path = write(
        tmp_path / "o.csv",
        [order("A1"), ["B1", "c2", 'said "hi"\nthere', "2024-02-30", "1", "0", "EUR"], order("C1", total="x")],
    )
    result = bring(path)
    assert counts(result) == (3, 1, 2, 0)
    assert result.rejects_file is not None
    with Path(result.rejects_file).open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [(row["reject_line"], row["reject_field"]) for row in rows] == [("3", "ordered_at"), ("5", "total")]
    assert all(row["reject_reason"] and row["reject_fix"] for row in rows)
    rows[0]["ordered_at"], rows[1]["total"] = "2024-02-28T10:00:00Z", "7.50"
    mended = write(tmp_path / "mended.csv", [list(row.values()) for row in rows], list(rows[0]))
    assert counts(bring(mended)) == (2, 2, 0, 0)
    assert ask("SELECT sum(gross) FROM orders") == [(Decimal("18.50"),)]


def test_the_same_order_from_a_file_and_a_webhook_is_one(tmp_path: Path) -> None:
    events.append([cast.placed("A1", {"id": "c1"}), cast.placed("Z9", cast.GUEST)], NOW)
    loop.run_once(NOW)
    assert counts(bring(write(tmp_path / "o.csv", [order("A2"), order("B1", "c2")]))) == (2, 2, 0, 0)
    events.append([cast.placed("A2", {"id": "c1"}), cast.placed("A3", {"id": "c1"})], NOW)
    loop.run_once(NOW)
    assert ask("SELECT order_id, customer_id FROM orders WHERE customer_id = 1 ORDER BY 1") == [
        ("A1", 1), ("A2", 1), ("A3", 1),
    ]  # fmt: skip


def test_a_newer_export_of_the_same_orders_updates_them_and_an_older_one_again_changes_nothing(tmp_path: Path) -> None:
    old = write(tmp_path / "old.csv", [order("A1", total="10", refunded="2"), order("A2", total="20")])
    new = write(tmp_path / "new.csv", [order("A1", total="10", refunded="5"), order("A2", total="25"), order("A3")])
    assert counts(bring(old)) == (2, 2, 0, 0)
    assert counts(bring(new)) == (3, 3, 0, 0)
    expected = [
        ("A1", Decimal("10"), Decimal("5")),
        ("A2", Decimal("25"), Decimal("0")),
        ("A3", Decimal("10"), Decimal("0")),
    ]
    query = "SELECT order_id, gross, refunded FROM orders ORDER BY 1"
    assert ask(query) == expected
    assert counts(bring(old)) == (2, 0, 0, 2)
    assert counts(bring(new)) == (3, 0, 0, 3)
    assert ask(query) == expected
    assert ask("SELECT sum(refunded) FROM refund_days") == [(Decimal("5"),)]


def test_overlapping_files_of_lines_keep_the_larger_count_of_equal_lines(tmp_path: Path) -> None:
    header = ["customer_id", "date", "quantity", "amount", "currency"]
    line = ["c1", "2024-01-03", "1", "5.00", "EUR"]
    other = ["c1", "2024-01-03", "1", "7.00", "EUR"]
    first = write(tmp_path / "a.csv", [line, line, other], header)
    second = write(tmp_path / "b.csv", [line, line, line, ["c2", "2024-01-04", "1", "1.00", "EUR"]], header)
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[columns]\ncustomer_id = "customer_id"\nordered_at = "date"\nquantity = "quantity"\namount = "amount"\ncurrency = "currency"\n'
    )
    result = bring(first, map=mapping)
    assert (counts(result), result.merged) == ((3, 3, 0, 0), 2)
    assert ask("SELECT gross FROM orders") == [(Decimal("17"),)]
    assert counts(bring(second, map=mapping)) == (4, 2, 0, 2)
    assert ask("SELECT gross FROM orders ORDER BY 1") == [(Decimal("1"),), (Decimal("22"),)]
    assert counts(bring(first, map=mapping)) == (3, 0, 0, 3)
    assert counts(bring(second, map=mapping)) == (4, 0, 0, 4)
    assert ask("SELECT sum(gross) FROM orders") == [(Decimal("23"),)]


def test_guests_free_cancelled_and_test_orders(tmp_path: Path) -> None:
    header = [*GENERIC, "status", "test"]
    rows = [
        [*order("A1"), "paid", ""],
        [*order("A2", total="0"), "paid", ""],
        [*order("A3"), "cancelled", ""],
        [*order("A4"), "paid", "true"],
        [*order("G1", ""), "paid", ""],
        [*order("G2", ""), "paid", ""],
    ]
    assert counts(bring(write(tmp_path / "o.csv", rows, header))) == (6, 6, 0, 0)
    assert ask("SELECT sum(orders), sum(identified_orders), sum(gross) FROM day_totals") == [(4, 2, Decimal("30"))]
    assert ask("SELECT count(*), sum(orders) FROM customer_sum") == [(1, 2)]


def test_several_currencies_are_converted_with_rates_and_never_added_up_blindly(tmp_path: Path) -> None:
    rows = [order("A1"), order("A2", day="2024-01-05"), [*order("A3", day="2024-01-06")[:-1], "USD"]]
    path = write(tmp_path / "o.csv", rows)
    refused = bring(path)
    assert counts(refused) == (3, 2, 1, 0)
    assert "no rate from USD" in Path(refused.rejects_file or "").read_text()
    rates = write(
        tmp_path / "rates.csv",
        [["2024-01-01", "USD", "0.9"], ["2024-01-06", "USD", "0.8"]],
        ["day", "currency", "rate"],
    )
    assert counts(bring(path, rates=rates)) == (3, 1, 0, 2)
    assert ask("SELECT gross, currency FROM orders WHERE order_id = 'A3'") == [(Decimal("8"), "USD")]
    assert ask("SELECT sum(gross) FROM orders") == [(Decimal("28"),)]


def test_one_person_under_several_identifiers_is_one_customer(tmp_path: Path) -> None:
    rows = [
        ["A1", "c1", "ann@example.com", "2024-01-03", "1", "0", "EUR"],
        ["A2", "", "ANN@example.com ", "2024-01-04", "1", "0", "EUR"],
        ["A3", "c7", "ann@example.com", "2024-01-05", "1", "0", "EUR"],
        ["B1", "c2", "", "2024-01-05", "1", "0", "EUR"],
        *[[f"N{n}", f"n{n}", "none@example.com", "2024-01-06", "1", "0", "EUR"] for n in range(12)],
    ]
    bring(write(tmp_path / "o.csv", rows))
    assert ask("SELECT orders FROM customer_sum WHERE orders > 1") == [(3,)]
    assert Customer.objects.count() == 14
    assert Customer.objects.get(id=1).email == "ann@example.com"


def test_contradicting_rows_are_rejected_with_the_line_that_was_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv", [order("A1"), order("A1"), order("A1", total="11"), order("A2")])
    result = bring(path)
    assert counts(result) == (4, 2, 1, 1)
    assert "stands in line 2 with other values" in Path(result.rejects_file or "").read_text()


def test_customers_products_and_costs(tmp_path: Path) -> None:
    from regulars.catalog.models import Product

    bring(write(tmp_path / "o.csv", [order("A1")]))
    people = write(
        tmp_path / "c.csv",
        [
            ["c1", "ann@example.com", "Ann", "DE", "yes"],
            ["c5", "eve@example.com", "Eve", "FR", "no"],
            ["", "", "Nobody", "", ""],
        ],
        ["customer_id", "email", "first_name", "country", "accepts_marketing"],
    )
    assert counts(bring(people, "customers")) == (3, 2, 1, 0)
    assert counts(bring(people, "customers")) == (3, 0, 1, 2)
    loop.run_once(NOW)
    ann = Customer.objects.get(id=1)
    assert (ann.first_name, ann.country, ann.accepts_email) == ("Ann", "DE", True)
    goods = write(
        tmp_path / "p.csv", [["S1", "Soap", "Bath", "4.50", "1.20"]], ["sku", "name", "category", "price", "unit_cost"]
    )
    assert counts(bring(goods, "products", currency="EUR")) == (1, 1, 0, 0)
    loop.run_once(NOW)
    soap = Product.objects.get(reference="S1")
    assert (soap.name, soap.unit_cost, soap.category and soap.category.name) == ("Soap", Decimal("1.20"), "Bath")
    spend = write(
        tmp_path / "k.csv",
        [["ads", "2024-01-01", "100", "EUR"], ["ads", "2024-02-01", "x", "EUR"]],
        ["channel", "month", "amount", "currency"],
    )
    assert counts(bring(spend, "costs")) == (2, 1, 1, 0)
    assert ask("SELECT channel, amount FROM cost_recorded") == [("ads", Decimal("100"))]


def test_a_gzipped_file_is_read_by_its_bytes(tmp_path: Path) -> None:
    import gzip

    packed = tmp_path / "orders.csv"
    with TINY.open("rb") as plain, gzip.open(packed, "wb") as handle:
        shutil.copyfileobj(plain, handle)
    assert counts(bring(packed)) == (12, 10, 1, 1)


def test_times_without_an_offset_are_in_the_zone_that_the_mapping_names(tmp_path: Path) -> None:
    rows = [
        ["A1", "c1", "", "2024-01-03 23:30:00", "10", "0", "EUR"],
        ["A2", "c1", "", "2024-01-03T23:30:00Z", "10", "0", "EUR"],
    ]
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[file]\ntimezone = "Europe/Berlin"\n[columns]\norder_id = "order_id"\ncustomer_id = "customer_id"\n'
        'ordered_at = "ordered_at"\ntotal = "total"\ncurrency = "currency"\n'
    )
    assert counts(bring(write(tmp_path / "o.csv", rows), map=mapping)) == (2, 2, 0, 0)
    assert events.timezone() == "Europe/Berlin"
    days = [day.isoformat() for (day,) in ask("SELECT day FROM orders ORDER BY order_id")]
    assert days == ["2024-01-03", "2024-01-04"]
    with pytest.raises(sources.CannotRead, match="is not a time zone"):
        bring(write(tmp_path / "p.csv", [order("Z1")]), timezone="Mars/Base")


def test_a_broken_row_in_a_joined_file_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("number,mail\nc1,ann@example.com\nc2\n")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[columns]\norder_id = "order_id"\nordered_at = "ordered_at"\ntotal = "total"\ncurrency = "currency"\n'
        'email = "people.mail"\n[[join]]\nfile = "people.csv"\nleft = "customer_id"\nright = "number"\n'
    )
    path = write(tmp_path / "o.csv", [order("A1")])
    with pytest.raises(sources.CannotRead, match=r"people\.csv, line 3"):
        bring(path, map=mapping)
    (tmp_path / "people.csv").write_text("number,mail\nc1,ann@example.com\nc2,\n")
    assert counts(bring(path, map=mapping)) == (1, 1, 0, 0)
    assert Customer.objects.get().email == "ann@example.com"


def test_the_lakes_totals_are_those_of_plain_duckdb_over_the_versions_files() -> None:
    import duckdb
    from deltalake import DeltaTable

    bring(TINY)
    delta = DeltaTable(str(events.lake_root() / "order_placed"))
    plain = duckdb.sql(
        f"SELECT count(*), sum(total), count(DISTINCT seq) FROM read_parquet({delta.file_uris()})"
    ).fetchall()
    assert (
        ask("SELECT count(*), sum(total), count(DISTINCT seq) FROM order_placed")
        == plain
        == [(10, Decimal("435.75"), 10)]
    )
