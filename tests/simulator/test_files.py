"""A made shop is the same shop each time, and its files give nothing of the truth away."""

import csv
import hashlib
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from regulars.simulator import api as simulator
from tests.house import ROOT

UNTIL = date(2025, 11, 24)
MAKE = """
import sys
from datetime import date
from pathlib import Path
from regulars.simulator.api import Plan, write
write(Plan(until=date(2025, 11, 24), customers=400, seed=int(sys.argv[2])), Path(sys.argv[1]))
"""


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def made_elsewhere(folder: Path, seed: int, hash_seed: str) -> dict[str, str]:
    environment = {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": hash_seed}
    subprocess.run([sys.executable, "-c", MAKE, str(folder), str(seed)], check=True, env=environment)
    return digests(folder)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> simulator.Files:
    folder = tmp_path_factory.mktemp("shop")
    return simulator.write(simulator.Plan(until=UNTIL, customers=2_000, seed=3), folder)


def test_the_same_seed_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    first = made_elsewhere(tmp_path / "a", 7, "1")
    assert first == made_elsewhere(tmp_path / "b", 7, "2")
    assert len(first) == 7


def test_another_seed_is_another_shop(tmp_path: Path) -> None:
    for seed in (1, 2):
        simulator.write(simulator.Plan(until=UNTIL, customers=400, seed=seed), tmp_path / str(seed))
    one, other = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert {name for name in one if one[name] == other[name]} == {"products.csv"}


def test_the_truth_is_in_files_of_its_own(files: simulator.Files) -> None:
    seen = [files.products, files.customers, files.orders, files.costs, files.events]
    told = {name for path in seen for name in rows(path)[0]}
    hidden = set(rows(files.truth_customers)[0]) - {"customer_id"}
    assert not told & hidden
    assert len(rows(files.truth_customers)) == 2_000


def test_the_shop_trades_from_its_first_day_to_the_day_before_the_end(files: simulator.Files) -> None:
    days = [row["ordered_at"][:10] for row in rows(files.orders)]
    assert days == sorted(days)
    assert min(days) >= "2023-11-24"
    assert max(days) == (UNTIL - timedelta(days=1)).isoformat()
    assert max(row["refunded_at"][:10] for row in rows(files.orders)) <= max(days)
    assert max(row["occurred_at"][:10] for row in rows(files.events)) <= max(days)


def test_nobody_orders_twice_a_day(files: simulator.Files) -> None:
    orders = {row["order_id"]: (row["email"], row["ordered_at"][:10]) for row in rows(files.orders)}
    assert len(set(orders.values())) == len(orders)


def test_lines_and_shipping_make_the_total(files: simulator.Files) -> None:
    sums: dict[str, int] = {}
    totals: dict[str, int] = {}
    for row in rows(files.orders):
        cents = round(float(row["line_amount"]) * 100)
        sums[row["order_id"]] = sums.get(row["order_id"], 0) + cents
        totals[row["order_id"]] = round((float(row["total"]) - float(row["shipping"])) * 100)
        assert float(row["refunded"]) <= float(row["total"])
    assert sums == totals


def test_a_parcel_is_late_when_it_comes_after_the_promised_day(files: simulator.Files) -> None:
    delivered = [row for row in rows(files.events) if row["name"] == "shipment.delivered"]
    assert delivered
    for row in delivered:
        after = (date.fromisoformat(row["occurred_at"][:10]) - date.fromisoformat(row["promised_on"])).days
        assert max(after, 0) == int(row["days_late"])


def test_late_parcels_are_complained_about(files: simulator.Files) -> None:
    told = rows(files.events)
    late = {row["order_id"] for row in told if row["name"] == "shipment.delivered" and row["days_late"] != "0"}
    fine = {row["order_id"] for row in told if row["name"] == "shipment.delivered"} - late
    complained = {row["order_id"] for row in told if row["name"] == "complaint.opened"}
    assert len(complained & late) / len(late) > 3 * len(complained & fine) / len(fine)


def test_addresses_and_numbers_reach_nobody(files: simulator.Files) -> None:
    customers = rows(files.customers)
    assert {row["email"].rpartition("@")[2] for row in customers} == {"example.com", "example.org", "example.net"}
    assert len({row["email"] for row in customers}) == len(customers)
    assert all(row["email"].isascii() for row in customers)
    assert {row["phone"][:4] for row in customers} == {"", "+999"}
    assert all(bool(row["phone"]) == (row["accepts_sms"] == "yes") for row in customers)
    assert any(not row["last_name"].isascii() for row in customers)


def test_a_shop_of_one_customer_can_be_made(tmp_path: Path) -> None:
    files = simulator.write(simulator.Plan(until=date(2024, 2, 29), customers=1, seed=0, years=1), tmp_path)
    assert len({row["email"] for row in rows(files.orders)}) == 1


def test_an_impossible_shop_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 customer"):
        simulator.Plan(until=UNTIL, customers=0)
