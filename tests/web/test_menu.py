"""What the menu marks: the page itself, or the nearest place above it, and never two places."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from regulars import loop
from regulars.core import clock
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from regulars.web.shell import lake
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)  # /imports/1 is the first import
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
PLACE = re.compile(r'class="place" href="([^"]*)" aria-current="([a-z]+)"')
MARKS = {
    "/": [("/", "page")],
    "/data": [("/data", "page")],
    "/data/sql": [("/data/sql", "page")],
    "/customers": [("/customers", "page")],
    "/customers/1": [("/customers", "true")],
    "/segments/_new": [("/segments", "true")],
    "/imports/1": [("/imports", "true")],
    "/consent/topics": [("/consent", "true")],
    "/search?q=data": [],
}


@pytest.fixture
def web(home: Path) -> Iterator[Client]:
    """Load the tiny shop and open it from this machine."""
    lake.forget()
    request = sources.Request(ROOT / "tests" / "data" / "tiny" / "orders.csv", profiles.people, clock.utc_now())
    sources.import_file("orders", request, sources.options())
    loop.run_once(clock.utc_now())
    yield Client(**HERE)
    lake.forget()


def test_the_menu_marks_the_page_itself_or_the_nearest_place_above_it(web: Client) -> None:
    found = {}
    for path in MARKS:
        answer = web.get(path)
        assert answer.status_code == 200, path
        found[path] = PLACE.findall(answer.content.decode())
    assert found == MARKS
