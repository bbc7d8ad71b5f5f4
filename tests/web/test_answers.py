"""What pages answer with besides pages: CSV without formulas, faults in plain words, the API by tokens."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, strategies as st

from regulars import loop
from regulars.access import api as access
from regulars.access.models import User
from regulars.core import clock
from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from regulars.web.api.door import api
from regulars.web.shell import exports, lake
from regulars.web.shell.figures import Column
from tests.conftest import ROOT

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
AFAR = {"REMOTE_ADDR": "10.1.2.3", "HTTP_HOST": "127.0.0.1:8300"}


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_no_cell_is_a_formula_and_every_cell_comes_back(cells: list[str]) -> None:
    columns = [Column(str(place), f"column {place}") for place in range(len(cells))]
    answer = exports.rows_csv("x", columns, [{str(place): cell for place, cell in enumerate(cells)}])
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    found = list(csv.reader(io.StringIO(text, newline="")))[1]
    for cell, told in zip(found, cells, strict=True):
        assert not cell.startswith(("=", "@", "\t", "\r"))
        assert not cell.startswith(("+", "-")) or cell[1:].replace(".", "", 1).isdigit()
        assert cell in (told, "'" + told)


@pytest.fixture
def shop(home: Path) -> Iterator[None]:
    lake.forget()
    request = sources.Request(ROOT / "tests" / "data" / "tiny" / "orders.csv", profiles.people, clock.utc_now())
    sources.import_file("orders", request, sources.options())
    loop.run_once(clock.utc_now())
    yield
    lake.forget()


@pytest.mark.django_db(transaction=True)
def test_a_fault_gives_a_number_and_no_details(shop: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*anything: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(events, "waiting", broken)
    answer = Client(**HERE, raise_request_exception=False).get("/data")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret detail" not in page
    kept = next((home / "faults").glob("*.txt"))
    assert kept.stem in page
    assert "secret detail" in kept.read_text()


@pytest.mark.django_db(transaction=True)
def test_figures_that_are_being_prepared_load_again_by_themselves(shop: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*anything: object) -> None:
        raise events.Busy("derive is held")

    monkeypatch.setattr(events, "waiting", busy)
    answer = Client(**HERE).get("/data")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert 'http-equiv="refresh"' in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_address_that_leads_nowhere_says_so(shop: None) -> None:
    answer = Client(**HERE).get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


@pytest.fixture
def owner(shop: None) -> User:
    now = clock.utc_now()
    newcomer = access.Newcomer(access.owner_link(now), "Ann", "a very long passphrase", "ann@example.com")
    return access.create_owner(newcomer, now)


def bearer(owner: User, *scopes: str) -> dict[str, str]:
    token = access.make_token(owner, access.NewToken("test", scopes), clock.utc_now())
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


OPERATIONS = [
    (path.replace("{customer_id}", "1").replace("{number}", "1"), method)
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items()
    for method in methods
]


@pytest.mark.django_db(transaction=True)
def test_the_api_takes_tokens_and_nothing_else(owner: User) -> None:
    assert len(OPERATIONS) >= 7
    client = Client(**AFAR)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for path, method in OPERATIONS:
        assert getattr(client, method)(path).status_code == 401, path
        wrong = getattr(client, method)(path, HTTP_AUTHORIZATION="Bearer rgl_" + "x" * 40)
        assert wrong.status_code == 401, path


@pytest.mark.django_db(transaction=True)
def test_a_token_does_what_its_scopes_say(owner: User) -> None:
    client, reports, customers = Client(**AFAR), bearer(owner, "read:reports"), bearer(owner, "read:customers")
    assert client.get("/api/report", **reports).json()["totals"]["orders"] > 0
    assert client.get("/api/state", **reports).json()["newest"] > 0
    assert client.get("/api/imports", **reports).json()["imports"][0]["target"] == "orders"
    assert client.get("/api/customers/late", **reports).status_code == 403
    assert client.get("/api/customers/late", **customers).status_code == 200
    assert client.get("/api/customers/1/facts", **customers).json()["facts"]
    assert client.post("/api/imports?name=a.csv", **reports).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_program_imports_a_file_and_asks_how_far_it_is(owner: User) -> None:
    client, both = Client(**AFAR), bearer(owner, "write:imports", "read:reports")
    body = b"order_id,email,date,total,currency\n9,new@example.com,2024-05-01,12.50,EUR\n"
    begun = client.post("/api/imports?name=more.csv", data=body, content_type="text/csv", **both)
    assert begun.status_code == 202
    told = client.get(f"/api/work/{json.loads(begun.content)['id']}", **both).json()
    assert (told["kind"], told["state"]) == ("import", "queued")
    assert (
        client.post("/api/imports?name=a.csv&target=nothing", data=body, content_type="text/csv", **both).status_code
        == 422
    )
    assert client.get("/api/work/99999", **both).status_code == 404
