"""Real exports: the tiny shop, CDNOW whole and sampled, a Brazilian marketplace by mapping, Shopify, WooCommerce, invoices."""

import csv
import gzip
import io
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.sources.files.trial import Outcome, Refused, stage, stage_path

DATA = Path(__file__).parents[4] / "shared" / "data"


def read(name: str, **options: object) -> Outcome:
    """Stage a file of the shared data; skip where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"shared data {name} is not on this machine")
    return taken(stage_path(path, **options))  # type: ignore[arg-type]


def taken(outcome: Outcome | Refused) -> Outcome:
    assert not isinstance(outcome, Refused), outcome
    return outcome


def test_tiny_rejects_30_february_on_line_13() -> None:
    outcome = read("tiny/orders.csv")
    assert (outcome.n_rows, outcome.n_bad) == (12, 1)
    (bad,) = [row for row in outcome.rows if row["reason"]]
    assert (bad["line"], bad["field"]) == (13, "ordered_at")
    assert "2024-02-30" in bad["reason"]
    assert bad["fix"]
    assert dict(outcome.raw)[13][0] == "X1"
    assert sum(row["total"] for row in outcome.rows if not row["reason"]) == Decimal("441.0000")


def test_cdnow_master_is_recognised_with_its_blanks_for_separators() -> None:
    outcome = read("cdnow/CDNOW_master.txt.gz")
    assert (outcome.n_rows, outcome.n_bad) == (69_659, 0)
    assert outcome.rows[0]["line"] == 2
    assert {row["order_id"] for row in outcome.rows} == {None}
    assert len({row["customer_ref"] for row in outcome.rows}) == 23_570
    assert sum(row["amount"] for row in outcome.rows) == Decimal("2500315.63")


def test_the_cdnow_sample_comes_through_a_mapping_by_position(tmp_path: Path) -> None:
    told = tmp_path / "cdnow.toml"
    told.write_text(
        '[file]\ndelimiter = "whitespace"\nheader = false\ndates = "%Y%m%d"\n'
        '[columns]\ncustomer_id = 2\nordered_at = 3\nquantity = 4\namount = 5\ncurrency = { constant = "USD" }\n'
    )
    outcome = read("cdnow/CDNOW_sample.txt", map=told)
    assert (outcome.n_rows, outcome.n_bad, outcome.rows[0]["line"]) == (6_919, 0, 1)
    assert len({row["customer_ref"] for row in outcome.rows}) == 2_357
    assert outcome.rows[0]["amount"] == Decimal("29.33")


def test_a_marketplace_comes_through_a_mapping_that_joins_three_files(tmp_path: Path) -> None:
    told = tmp_path / "olist.toml"
    told.write_text("""
[columns]
order_id = "order_id"
customer_id = "customers.customer_unique_id"
ordered_at = "order_purchase_timestamp"
amount = "items.price"
product = "items.product_id"
currency = { constant = "BRL" }
[rows]
cancelled = { column = "order_status", in = ["canceled", "unavailable"] }
[[join]]
name = "customers"
file = "olist_customers_dataset.csv"
left = "customer_id"
right = "customer_id"
[[join]]
name = "items"
file = "olist_order_items_dataset.csv"
left = "order_id"
right = "order_id"
take = "lines"
""")
    outcome = read("olist_sample_a/olist_orders_dataset.csv", map=told)
    folder = DATA / "olist_sample_a"
    with (folder / "olist_orders_dataset.csv").open(newline="") as handle:
        orders = {row["order_id"]: row for row in csv.DictReader(handle)}
    with (folder / "olist_order_items_dataset.csv").open(newline="") as handle:
        items = [row for row in csv.DictReader(handle) if row["order_id"] in orders]
    assert outcome.n_rows == len({row["line"] for row in outcome.rows}) or outcome.n_rows == len(outcome.rows)
    assert {row["order_id"] for row in outcome.rows} == set(orders)
    good = [row for row in outcome.rows if not row["reason"]]
    assert sum(row["amount"] or 0 for row in good) == sum(Decimal(item["price"]) for item in items)
    assert sum(bool(row["is_cancelled"]) for row in {row["order_id"]: row for row in outcome.rows}.values()) == sum(
        order["order_status"] in ("canceled", "unavailable") for order in orders.values()
    )


def shopify(rows: list[dict[str, str]]) -> bytes:
    """Return a Shopify export of these rows under its real header."""
    path = DATA / "shopify" / "orders_export_header.csv"
    if not path.exists():
        pytest.skip("the header of Shopify's export is not on this machine")
    header = next(csv.reader([path.read_text(encoding="utf-8-sig")]))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, header)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def test_shopify_orders_stand_in_several_rows_with_the_order_told_once() -> None:
    first = {
        "Name": "#1001", "Email": "Ann@Example.com", "Financial Status": "partially_refunded", "Currency": "EUR",
        "Subtotal": "30.00", "Shipping": "5.00", "Taxes": "5.59", "Total": "35.00", "Discount Code": "SPRING",
        "Discount Amount": "2.00", "Created at": "2024-03-01 10:15:00 +0100", "Lineitem quantity": "2",
        "Lineitem name": "Tea", "Lineitem price": "10.00", "Lineitem sku": "T1", "Refunded Amount": "10.00",
        "Source": "web", "Notes": "please\nring twice", "Shipping Country": "DE",
    }  # fmt: skip
    later = {
        "Name": "#1001", "Email": "Ann@Example.com", "Created at": "2024-03-01 10:15:00 +0100",
        "Lineitem quantity": "1", "Lineitem name": "Cup", "Lineitem price": "10.00", "Lineitem sku": "C1",
    }  # fmt: skip
    gone = first | {
        "Name": "#1002",
        "Cancelled at": "2024-03-02 08:00:00 +0100",
        "Financial Status": "refunded",
        "Notes": "",
    }
    outcome = taken(stage(shopify([first, later, gone]), zone="Europe/Berlin"))
    assert [row["reason"] for row in outcome.rows] == [None, None, None]
    assert [row["line"] for row in outcome.rows] == [2, 4, 5]
    told, blank, cancelled = outcome.rows
    assert (told["order_id"], told["email"], told["total"], told["refunded"]) == (
        "#1001",
        "ann@example.com",
        Decimal(35),
        Decimal(10),
    )
    assert (told["amount"], told["product"], told["ordered_at"].isoformat()) == (
        Decimal(20),
        "T1",
        "2024-03-01T10:15:00+01:00",
    )
    assert (blank["order_id"], blank["total"], blank["amount"], blank["product_name"]) == (
        "#1001",
        None,
        Decimal(10),
        "Cup",
    )
    assert cancelled["is_cancelled"]
    assert not told["is_cancelled"]


def test_shopifys_bare_header_is_a_file_without_rows() -> None:
    outcome = taken(stage(shopify([])))
    assert (outcome.n_rows, outcome.rows) == (0, [])


WOO = """order_id,order_number,order_date,status,order_total,order_currency,customer_id,billing_email,refunded_total
727,727,2017-03-22 16:28:02,processing,29.35,USD,0,john.doe@example.com,0
728,728,2017-03-23 16:28:02,cancelled,10.00,USD,26,jane@example.com,0
729,729,2017-03-24 16:28:02,completed,20.00,USD,26,jane@example.com,5.00
730,730,2017-03-25 16:28:02,failed,20.00,USD,26,jane@example.com,0
731,731,2017-03-26 16:28:02,refunded,20.00,USD,26,jane@example.com,20.00
"""


def test_woocommerce_tells_cancelled_orders_and_guests() -> None:
    outcome = taken(stage(WOO.encode()))
    assert outcome.n_bad == 0
    rows = {row["order_id"]: row for row in outcome.rows}
    assert [number for number, row in rows.items() if row["is_cancelled"]] == ["728", "730"]
    assert rows["727"]["customer_ref"] is None, "WooCommerce writes 0 for a guest"
    assert (rows["729"]["customer_ref"], rows["729"]["email"], rows["729"]["refunded"]) == (
        "26",
        "jane@example.com",
        Decimal(5),
    )
    assert rows["731"]["refunded"] == Decimal(20)


INVOICES = """Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
489434,85048,"GLASS BALL, 20 LIGHTS",12,2009-12-01 07:45:00,6.95,13085.0,United Kingdom
489434,79323P,PINK LIGHTS,12,2009-12-01 07:45:00,6.75,13085.0,United Kingdom
C489449,22087,PAPER BUNTING,-12,2009-12-01 10:33:00,2.95,16321.0,Australia
489464,21733,85123a mixed,-96,2009-12-01 10:52:00,0.0,,United Kingdom
"""


def test_invoice_lines_become_amounts_and_credit_notes_refunds() -> None:
    outcome = taken(stage(INVOICES.encode(), currency="GBP"))
    assert [row["amount"] for row in outcome.rows[:3]] == [Decimal("83.4"), Decimal(81), Decimal("-35.4")]
    assert [bool(row["is_refund"]) for row in outcome.rows[:3]] == [False, False, True]
    assert outcome.rows[0]["product_name"] == "GLASS BALL, 20 LIGHTS"
    assert {row["currency"] for row in outcome.rows} == {"GBP"}
    assert outcome.rows[0]["customer_ref"] == "13085"


def test_a_gzipped_file_is_known_by_its_first_bytes_and_a_torn_one_is_refused() -> None:
    packed = gzip.compress(INVOICES.encode())
    assert taken(stage(packed, "orders.csv")).n_rows == 4
    torn = stage(packed[:-9], "orders.csv")
    assert isinstance(torn, Refused)
    assert "orders.csv" in torn.sentence


def test_ambiguous_dates_are_asked_back_and_clear_ones_are_not() -> None:
    unclear = "order_id,date,total,customer_id\n1,03/04/2024,5,a\n2,05/06/2024,5,a\n"
    asked = stage(unclear.encode())
    assert isinstance(asked, Refused)
    assert "--dates" in asked.sentence
    days = taken(stage(unclear.encode(), dates="day-first")).rows
    assert [row["ordered_at"].isoformat()[:10] for row in days] == ["2024-04-03", "2024-06-05"]
    clear = taken(stage((unclear + "3,25/06/24,5,a\n").encode()))
    assert [row["ordered_at"].isoformat()[:10] for row in clear.rows if not row["reason"]][:2] == [
        "2024-04-03",
        "2024-06-05",
    ]


def test_an_ambiguous_sample_is_settled_by_the_whole_file() -> None:
    rows = "".join(f"{number},03/04/2024,5,a\n" for number in range(30_000)) + "x,12/31/2024,5,a\n"
    outcome = taken(stage(("order_id,date,total,customer_id\n" + rows).encode()))
    assert (outcome.n_bad, outcome.rows[0]["ordered_at"].isoformat()[:10]) == (0, "2024-03-04")


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["12,50", "1.234,00"], ["12.50", "1234.00"]),
        (["€ 12,50", "1 234,00 €"], ["12.50", "1234.00"]),
        (["$12.50", "$1,234.00"], ["12.50", "1234.00"]),
        (["12.50", "1'234.00"], ["12.50", "1234.00"]),
        (["1234", "7"], ["1234", "7"]),
    ],
)
def test_numbers_are_read_as_the_shop_writes_them(texts: list[str], values: list[str]) -> None:
    rows = "".join(f"{number};2024-01-03;{text};a\n" for number, text in enumerate(texts))
    outcome = taken(stage(("order_id;date;total;customer_id\n" + rows).encode()))
    assert [row["total"] for row in outcome.rows] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03T12:30:00Z",
        "2024-02-03T12:30Z",
        "2024-02-03 13:30:00 +0100",
        "2024-02-03T13:30:00+01:00",
        "1706963400",
        "1706963400000",
    ],
)
def test_instants_with_a_zone_are_the_same_instant(text: str) -> None:
    outcome = taken(stage(f"order_id,date,total,customer_id\n1,{text},5,a\n".encode(), zone="Europe/Berlin"))
    assert outcome.rows[0]["reason"] is None
    assert outcome.rows[0]["ordered_at"].timestamp() == 1706963400


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("2024-02-03 13:30", "2024-02-25"),
        ("03.02.2024 13:30", "25.02.2024"),
        ("2/3/24 1:30 PM", "2/25/24 1:30 PM"),
        ("Feb 3, 2024 13:30", "Feb 25, 2024 13:30"),
        ("2024/02/03 13:30", "2024/02/25 13:30"),
        ("3 Feb 2024 13:30", "25 Feb 2024 13:30"),
    ],
)
def test_instants_without_a_zone_are_in_the_shops(text: str, later: str) -> None:
    data = f"order_id;date;total;customer_id\n1;{text};5;a\n2;{later};5;a\n"
    outcome = taken(stage(data.encode(), zone="Europe/Berlin"))
    assert [row["reason"] for row in outcome.rows] == [None, None]
    assert outcome.rows[0]["ordered_at"].timestamp() == 1706963400


JSON_LINES = """{"order_id": "1", "customer": {"id": 7, "email": "ann@example.com"}, "ordered_at": "2024-01-03", "total": 12.10}

{"order_id": "2", "customer": {"id": 8
{"order_id": "3", "customer": {"id": 8}, "ordered_at": "2024-01-04", "total": 1e2}
"""


def test_json_lines_are_columns_with_dotted_names(tmp_path: Path) -> None:
    told = tmp_path / "map.toml"
    told.write_text(
        '[columns]\norder_id = "order_id"\ncustomer_id = "customer.id"\nemail = "customer.email"\n'
        'ordered_at = "ordered_at"\ntotal = "total"\ncurrency = { constant = "EUR" }\n'
    )
    outcome = taken(stage(JSON_LINES.encode(), "orders.jsonl", map=told))
    assert [row["line"] for row in outcome.rows] == [1, 3, 4]
    assert [row["reason"] is None for row in outcome.rows] == [True, False, True]
    assert (outcome.rows[0]["customer_ref"], outcome.rows[0]["total"], outcome.rows[2]["total"]) == (
        "7",
        Decimal("12.1"),
        Decimal(100),
    )


def test_parquet_is_read_with_all_its_columns_as_text(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    duckdb.connect().execute(
        "COPY (SELECT i AS order_id, CASE WHEN i = 2 THEN '' ELSE 'c' || i END AS customer_id, "
        "TIMESTAMP '2024-01-03 10:00:00' AS ordered_at, 1.5 * i AS total, 'EUR' AS currency FROM range(3) t(i)) "
        f"TO '{path}' (FORMAT parquet)"
    )
    outcome = taken(stage_path(path, zone="Europe/Berlin"))
    assert [(row["line"], row["order_id"], row["customer_ref"]) for row in outcome.rows] == [
        (1, "0", "c0"),
        (2, "1", "c1"),
        (3, "2", None),
    ]
    assert outcome.rows[0]["ordered_at"].isoformat() == "2024-01-03T10:00:00+01:00"
    assert outcome.raw[1][1][0] == "1"
    path.write_bytes(path.read_bytes()[:-20])
    assert isinstance(stage_path(path), Refused)


@pytest.mark.parametrize(
    ("beginning", "word"),
    [
        (b"PK\x03\x04 sheet", "CSV"),
        (b"%PDF-1.7", "CSV"),
        (b'[{"order_id": 1}]', "one object per line"),
        (b"  \n \n", "empty"),
    ],
)
def test_files_of_other_kinds_are_named_for_what_they_are(beginning: bytes, word: str) -> None:
    refused = stage(beginning)
    assert isinstance(refused, Refused)
    assert word in refused.sentence


def test_what_programs_write_for_nobody_is_nobody() -> None:
    lines = [
        "order_id,customer_id,email,date,total",
        "1,NULL,none,2024-01-03,5",
        "2,nan,not given,2024-01-03,5",
        "3,12.0,A@B.de,2024-01-03,5",
    ]
    rows = taken(stage("\n".join(lines).encode())).rows
    assert [(row["customer_ref"], row["email"]) for row in rows] == [(None, None), (None, None), ("12", "a@b.de")]


def test_a_decimal_mark_is_never_taken_for_thousands() -> None:
    rows = [
        f"{number},2024-01-03,a,{text}"
        for number, text in enumerate(["12", "7", '"12,50"', '"1,234"', '"1,234.50"', "(5.00)"])
    ]
    outcome = taken(stage("\n".join(["order_id,date,customer_id,total", *rows]).encode(), decimal="."))
    assert [row["total"] for row in outcome.rows[:5]] == [
        Decimal(12),
        Decimal(7),
        None,
        Decimal(1234),
        Decimal("1234.5"),
    ]
    assert [row["field"] for row in outcome.rows] == [None, None, "total", None, None, "total"]
