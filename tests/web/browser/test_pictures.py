"""A picture of every page at both widths, as the owner of the demo shop sees it: what docs/app.md shows.

REGULARS_SHOTS=docs/images/app keeps them there; the pretended day makes the same pictures on any day.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.browser.conftest import App, Watch, environment, words

pytestmark = pytest.mark.slow
NOW = {"REGULARS_NOW": "2026-11-25T09:00:00+01:00"}
TALLEST = 1_300
SQL = "SELECT country, count(*) AS orders, sum(gross) AS revenue FROM orders GROUP BY country ORDER BY revenue DESC"
PLACES = {
    "overview": "/", "imports": "/imports", "import": "/imports/1", "data": "/data", "sql": f"/data/sql?query={SQL}",
    "customers": "/customers", "customer": "/customers/7", "products": "/products", "value": "/value",
    "at-risk": "/at-risk", "lists": "/lists", "retention": "/retention",
    "retention-compared": "/retention?by=country&grain=week&one=country:DE&other=country:FR", "report": "/report",
    "settings": "/settings", "users": "/users", "audit": "/audit", "account": "/account", "search": "/search?q=an",
    "messages": "/messages", "drawer": "/drawer", "templates": "/templates", "template": "/templates/welcome",
    "channels": "/channels", "limits": "/limits", "triggers": "/triggers", "brand": "/brand", "consent": "/consent",
    "consent-topics": "/consent/topics", "consent-forms": "/consent/forms",
}  # fmt: skip
OWNER = {"Your name": "Ann Abel", "E-mail": "ann@example.com", "Password": "correct horse battery"}


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start the app on a demo shop of the usual size, on a pretended day."""
    home = tmp_path_factory.mktemp("pictures") / "home"
    done = subprocess.run(
        words("demo", "--customers", (os.environ.get("REGULARS_SHOTS") and "10000") or "800"),
        env=environment(home) | NOW, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    app = App(home, more=NOW).start()
    yield app
    app.stop()


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("REGULARS_SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def taken(page: Page, path: Path) -> bytes:
    """Take a picture of a page from its top, with all of it loaded."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    size = page.viewport_size
    assert size is not None
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    page.wait_for_timeout(100)
    found = page.screenshot(path=str(path))
    page.set_viewport_size(size)
    return found


def test_every_page_has_its_picture(owned: App, watch: Watch, shots: Path) -> None:
    for width in (1440, 390):
        one = watch(owned, width)
        one.open("/owner")
        if one.page.get_by_label("Your name").count():
            for label, text in OWNER.items():
                one.page.get_by_label(label).fill(text)
            one.page.get_by_role("button", name="Create the owner’s account").click()
        else:
            one.open("/sign-in")
            for label in ("E-mail", "Password"):
                one.page.get_by_label(label).fill(OWNER[label])
            one.page.get_by_role("button", name="Sign in").click()
        one.page.wait_for_load_state("networkidle")
        pictures = {}
        for name, path in PLACES.items():
            assert one.open(path) == 200, path
            pictures[name] = taken(one.page, shots / f"{name}-{width}.png")
            assert one.page.get_by_role("heading", level=1).is_visible(), path
        assert len(set(pictures.values())) == len(PLACES), "two pages look the same"
        assert not one.complaints


def test_the_first_visit_and_an_import_have_theirs(empty: App, watch: Watch, shots: Path, tmp_path: Path) -> None:
    odd = tmp_path / "orders.csv"
    odd.write_text("Who;When;How much\nann@example.com;2024-03-01;12,50\nbo@example.com;soon;3,00\n", encoding="utf-8")
    for width in (1440, 390):
        one = watch(empty, width)
        one.open("/")
        assert len(taken(one.page, shots / f"first-visit-{width}.png")) > 10_000
        one.page.set_input_files("input[type=file]", str(odd))
        one.page.wait_for_url("**/imports/check/**")
        assert len(taken(one.page, shots / f"check-{width}.png")) > 10_000
