"""Logs say what happened and to which request, and never who: planted e-mails, telephone numbers and tokens do not come out."""

import io
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from regulars.config.logs import Lines, Masked, Plain, masked
from regulars.config.requests import UNKNOWN, watched, where
from regulars.core.faults import kept
from regulars.core.watching import requests

CANARIES = (
    "canary@example.com",
    "c.anary+tag@shop.example.co.uk",
    "canary%40example.com",
    "kanäri@exämple.de",
    '"the canary"@example.com',
    "canary@localhost",
    "+49 30 5550123",
    "+493055501234",
    "%2B493055501234",
    "(030) 555-0123",
    "0171/5550123",
    "555.555.0123",
    "555-555-0123",
    "192.168.100.20",
    "rgl_canary5550123",
    "Bearer canary5550123",
    "token?token=canary5550123&next=canary",
    "kqzNcKf0MDRO5GGt2SvRC7582b6JCvvx",
    "0123456789abcdef0123456789abcdef",
)
TELLTALES = ("canary", "kan", "example", "exämple", "555", "5550123", "192.168", "kqzNcKf", "abcdef", "localhost")


@pytest.fixture
def logged() -> Iterable[tuple[logging.Logger, io.StringIO]]:
    stream, log = io.StringIO(), logging.getLogger("regulars.canary")
    handler = logging.StreamHandler(stream)
    handler.addFilter(Masked())
    handler.setFormatter(Lines())
    log.addHandler(handler)
    yield log, stream
    log.removeHandler(handler)


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("form", ["%s", "from %s to x", "'%s'", "{%s}", "one,%s;two"])
def test_no_planted_person_comes_out(logged: tuple[logging.Logger, io.StringIO], form: str, canary: str) -> None:
    log, stream = logged
    log.error(form, canary)
    line = json.loads(stream.getvalue())
    assert not [word for word in TELLTALES if word in line["message"]], line


def test_a_fault_names_its_kind_and_not_what_it_says(logged: tuple[logging.Logger, io.StringIO]) -> None:
    log, stream = logged
    log.error("it failed", exc_info=ValueError("Ann Canary of canary@example.com"))
    line = json.loads(stream.getvalue())
    assert (line["message"], line["exception"], line["level"]) == ("it failed", "ValueError", "error")
    assert "Canary" not in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "profiles.project failed (ValueError) and rests for 2 s; details in faults/20240601T120000x000001p42.txt",
        "fault 20240601T120000x000001p42 in a page: KeyError",
        "the loop ended (-9); started again in 0.5 s",
        "GET /customers/123: 200 in 15 ms",
        "ready at 2024-06-01T12:00:00 on http://127.0.0.1:8300/",
    ],
)
def test_what_a_maintainer_needs_stays(text: str) -> None:
    assert masked(text) == text


def test_a_fault_is_found_by_what_the_log_says(home: Path) -> None:
    name = kept(ValueError("canary"))
    assert (home / "faults" / name).exists()
    assert masked(f"details in faults/{name}") == f"details in faults/{name}"


def test_a_line_is_one_line_whatever_the_message(logged: tuple[logging.Logger, io.StringIO]) -> None:
    log, stream = logged
    log.error('first\n{"level": "forged"}\r\nsecond')
    assert len(stream.getvalue().splitlines()) == 1
    record = logging.makeLogRecord({"name": "x", "msg": "first\nsecond"})
    assert len(Plain().format(record).splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", ("", "/")),
        ("/customers/42", ("customers/<int:number>", "/customers/42")),
        ("/welcome/canary5550123", ("welcome/<str:token>", "/welcome/<token>")),
        ("/static/web/app.css", ("static", "/static/")),
        ("/nowhere/canary@example.com", (UNKNOWN, UNKNOWN)),
        ("/customers/42/Ann%20Canary", (UNKNOWN, UNKNOWN)),
    ],
)
def test_a_path_is_told_by_its_pattern(path: str, told: tuple[str, str]) -> None:
    assert where(path) == told


def answering(status: str) -> Any:
    def application(environment: dict[str, Any], start_response: Any) -> list[bytes]:
        logging.getLogger("regulars.web").warning("under way")
        start_response(status, [])
        return [b""]

    return watched(application)


def asked(application: Any, **environment: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    application(environment, lambda status, given, *rest: headers.update(given))
    return headers


def test_every_line_of_a_request_carries_its_id_and_its_answer_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "regulars")
    caplog.handler.addFilter(Masked())
    headers = asked(
        answering("200 OK"), REQUEST_METHOD="GET", PATH_INFO="/customers/7", QUERY_STRING="text=canary@example.com"
    )
    assert [line.__dict__["request"] for line in caplog.records] == [headers["X-Request-ID"]] * 2
    assert requests.request_id.get() == ""
    line = json.loads(Lines().format(caplog.records[-1]))
    assert (line["method"], line["path"], line["status"]) == ("GET", "/customers/7", 200)
    assert "canary" not in caplog.text


def test_an_answer_that_breaks_is_told_as_500_and_the_fault_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "regulars")

    def broken(environment: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asked(watched(broken), REQUEST_METHOD="<canary>", PATH_INFO="/")
    assert caplog.records[-1].__dict__["fields"]["status"] == 500
    assert caplog.records[-1].__dict__["fields"]["method"] == "another method"


def test_what_is_asked_every_few_seconds_is_told_only_when_it_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "regulars.requests")
    asked(answering("200 OK"), REQUEST_METHOD="GET", PATH_INFO="/healthz")
    asked(answering("503 Service Unavailable"), REQUEST_METHOD="GET", PATH_INFO="/readyz")
    told = [line.__dict__["fields"]["path"] for line in caplog.records if line.name == "regulars.requests"]
    assert told == ["/readyz"]


def test_answers_are_counted_by_pattern() -> None:
    labels = {"method": "GET", "address": "customers/<int:number>", "status": "200"}
    before = requests.REGISTRY.get_sample_value("regulars_http_request_seconds_count", labels) or 0.0
    asked(answering("200 OK"), REQUEST_METHOD="GET", PATH_INFO="/customers/9")
    assert requests.REGISTRY.get_sample_value("regulars_http_request_seconds_count", labels) == before + 1
