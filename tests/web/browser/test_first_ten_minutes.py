"""The first ten minutes: her own file, the demo, a broken file, and throwing the demo away."""

import csv
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import App, Watch

pytestmark = pytest.mark.slow
PATIENCE = 120_000
ORDERS = 200_000


def own_orders(path: Path, n: int) -> None:
    """Write a shop's orders: customers with rates and chances to leave of their own."""
    rng, begun = np.random.default_rng(4), datetime(2022, 1, 1, tzinfo=UTC)
    people = n // 5
    pace, leave, first = rng.gamma(1.5, 40, people), rng.beta(1.2, 5, people), rng.integers(0, 500, people)
    rows: list[tuple[float, int]] = []
    for person in range(people):
        day = float(first[person])
        while day < 730:
            rows.append((day, person))
            if rng.random() < leave[person]:
                break
            day += max(1.0, rng.exponential(pace[person]))
    rows = sorted(rows)
    rows = [rows[place] for place in range(min(n, len(rows)))]
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["Order number", "Email", "Order date", "Total", "Currency", "Product"])
        for number, (day, person) in enumerate(rows):
            at = (begun + timedelta(days=day)).strftime("%Y-%m-%d %H:%M:%S")
            writer.writerow(
                [f"N{number}", f"customer{person}@example.com", at, f"{10 + person % 70}.50", "EUR", f"P{person % 20}"]
            )


def three_things(page: Page) -> None:
    """Wait for the return rate with its interval, the late customers by name, and the trial on a hidden past."""
    expect(page.get_by_text("of first buyers come back within eight weeks")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("With 95% confidence the true rate lies between")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="late by their own rhythm")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("table.figures tbody tr th a").nth(2)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Hidden from the model")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("the foretold range")).to_be_visible(timeout=PATIENCE)


def test_her_own_file_tells_three_things(empty: App, watch: Watch, tmp_path: Path) -> None:
    own_orders(tmp_path / "orders.csv", ORDERS)
    one = watch(empty)
    one.open("/")
    begun = time.monotonic()
    one.page.set_input_files("input[type=file]", str(tmp_path / "orders.csv"))
    three_things(one.page)
    print(f"her own file: {time.monotonic() - begun:.1f} s from the drop")
    assert "example.com" in one.page.locator("table.figures tbody").first.inner_text()
    assert not one.complaints


def test_the_demo_tells_them_too_and_goes_away_by_one_button(empty: App, watch: Watch) -> None:
    one = watch(empty)
    one.open("/")
    begun = time.monotonic()
    one.page.get_by_role("button", name="Open the demo shop").click()
    three_things(one.page)
    print(f"the demo: {time.monotonic() - begun:.1f} s from the click")
    assert one.page.get_by_text("Every customer, order and parcel here is made up").is_visible()
    assert not one.complaints
    one.page.evaluate("window.confirm = () => true")
    one.page.get_by_role("button", name="Throw it away").click()
    expect(one.page.get_by_role("button", name="Open the demo shop")).to_be_visible(timeout=PATIENCE)


def test_a_broken_file_is_told_what_to_do_and_the_mended_one_works(empty: App, watch: Watch, tmp_path: Path) -> None:
    broken, mended = tmp_path / "broken.csv", tmp_path / "mended.csv"
    broken.write_text("Who;What\nann@example.com;12,50\n", encoding="utf-8")
    one = watch(empty)
    one.open("/")
    one.page.set_input_files("input[type=file]", str(broken))
    one.page.wait_for_url("**/imports/check/**")
    expect(one.page.get_by_role("alert")).to_contain_text("Choose the column")
    own_orders(mended, 3_000)
    one.open("/")
    assert one.page.get_by_role("button", name="Open the demo shop").is_visible(), "nothing was imported"
    one.page.set_input_files("input[type=file]", str(mended))
    expect(one.page.get_by_text("of first buyers come back within eight weeks")).to_be_visible(timeout=PATIENCE)
