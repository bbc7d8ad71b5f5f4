"""Files from the browser: taken whole, told apart, explained, never lost."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.cli.supervisor.chores import HANDLERS
from regulars.core import clock
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.web.listen import uploads
from regulars.web.shell import lake

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
GOOD = b"order_id,email,date,total,currency\n1,ann@example.com,2024-05-01,12.50,EUR\n2,bo@example.com,2024-05-02,8.00,EUR\n"
ODD = b"Nr;Wer;Wann;Wieviel\n1;ann@example.com;2024-05-01;12,50\n2;bo@example.com;Quatsch;8,00\n"


@pytest.fixture(autouse=True)
def fresh(home: Path) -> Iterator[None]:
    lake.forget()
    yield
    lake.forget()


@pytest.fixture
def client() -> Client:
    return Client(**HERE)


def sent(client: Client, body: bytes, name: str = "orders.csv", **query: str) -> tuple[int, dict[str, str]]:
    asked = "&".join(f"{key}={value}" for key, value in {"name": name, **query}.items())
    answer = client.post(
        f"/imports/upload?{asked}", data=body, content_type="application/octet-stream", HTTP_ACCEPT="application/json"
    )
    return answer.status_code, json.loads(answer.content)


def work() -> None:
    while jobs.work_once(HANDLERS, clock.utc_now()):
        pass


def test_a_file_that_explains_itself_is_imported_at_once(client: Client) -> None:
    assert sent(client, GOOD, quick="yes") == (200, {"next": "/"})
    assert "Importing orders.csv" in client.get("/").content.decode()
    work()
    assert jobs.recent(1)[0]["result"]["accepted"] == 2
    assert not list((uploads._folder()).glob("*")), "the file is gone when its facts are in"
    assert "orders.csv" in client.get("/imports").content.decode()
    number = jobs.recent(1)[0]["result"]["import_id"]
    assert "Every row was read" in client.get(f"/imports/{number}").content.decode()


def test_a_form_without_scripts_brings_the_same(client: Client) -> None:
    answer = client.post("/imports/upload", {"file": SimpleUploadedFile("orders.csv", GOOD), "quick": "yes"})
    assert answer["Location"] == "/"
    work()
    assert jobs.recent(1)[0]["result"]["accepted"] == 2


def test_a_zipped_file_is_taken(client: Client) -> None:
    sent(client, gzip.compress(GOOD), "orders.csv.gz", quick="yes")
    work()
    assert jobs.recent(1)[0]["result"]["accepted"] == 2


def test_a_file_with_other_headings_is_explained_by_clicking(client: Client) -> None:
    _, told = sent(client, ODD, quick="yes")
    here = told["next"]
    assert here.startswith("/imports/check/")
    page = client.get(here).content.decode()
    assert "Choose the column" in page
    assert events.newest() == 0
    names = {"1": ("Nr", "order_id"), "2": ("Wer", "email"), "3": ("Wann", "ordered_at"), "4": ("Wieviel", "total")}
    form = {"target": "orders", "currency": "EUR", "do": "look"}
    for place, (header, field) in names.items():
        form |= {f"header-{place}": header, f"field-{place}": field}
    page = client.post(here, form).content.decode()
    assert "Import it" in page
    assert "1 of them cannot be read" in page
    assert client.post(here, {**form, "do": "import"}).status_code == 302
    work()
    number = jobs.recent(1)[0]["result"]["import_id"]
    assert jobs.recent(1)[0]["result"] == {
        "import_id": number, "rows": 2, "accepted": 1, "rejected": 1, "duplicates": 0,
    }  # fmt: skip
    assert "Fetch the rejected rows" in client.get(f"/imports/{number}").content.decode()
    rejects = b"".join(client.get(f"/imports/{number}/rejects.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Quatsch" in rejects
    assert "reject_fix" in rejects


@pytest.mark.parametrize("body", [b"a,b\n1,2\n", b"\x00\x01\x02" * 99, b"\xff\xfe\x00", b"only words\n", b"{" * 99])
def test_a_broken_file_is_told_what_to_do_and_nothing_is_lost(client: Client, body: bytes) -> None:
    status, told = sent(client, body, quick="yes")
    if status == 200:
        page = client.get(told["next"]).content.decode()
        assert 'role="alert"' in page
        assert "Import it" not in page
    else:
        assert (status, len(told["message"]) > 20) == (422, True)
    assert events.newest() == 0
    assert "Traceback" not in client.get("/").content.decode()
    sent(client, GOOD, quick="yes")
    work()
    assert jobs.recent(1)[0]["result"]["accepted"] == 2


def test_an_empty_file_is_refused(client: Client) -> None:
    status, told = sent(client, b"")
    assert (status, told["message"]) == (422, "The file did not arrive whole, or it is empty. Please drop it again.")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/b\\c.csv", "x" * 400, "\x00.csv", "", "%2e%2e%2f.csv", "ü<script>.csv"]
)
def test_a_name_never_leads_out_of_the_folder(client: Client, home: Path, name: str) -> None:
    from urllib.parse import quote

    sent(client, GOOD, quote(name))
    found = [path for path in (home / "uploads").rglob("*") if path.is_file()]
    assert len(found) == 1
    assert len(found[0].name) <= 100
    assert found[0].resolve().is_relative_to((home / "uploads").resolve())


@pytest.mark.parametrize("token", ["0" * 32, "..", "x", "0" * 31 + "g"])
def test_a_token_that_is_none_leads_nowhere(client: Client, token: str) -> None:
    assert client.get(f"/imports/check/{token}").status_code == 404


def test_a_file_that_is_left_is_gone(client: Client, home: Path) -> None:
    _, told = sent(client, GOOD)
    assert client.post(told["next"], {"do": "discard"})["Location"] == "/imports"
    assert not list((home / "uploads").glob("*"))


def test_a_full_disk_is_said_and_leaves_nothing(client: Client, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(total=100, used=99, free=1))
    status, told = sent(client, GOOD)
    assert status == 422
    assert "The disk is full" in told["message"]
    assert not list((home / "uploads").glob("*"))
