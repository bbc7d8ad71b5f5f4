"""The facts door: what can be a fact goes through, what cannot is answered with its field and what to do."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client

from regulars import loop
from regulars.access import api as access
from regulars.core import clock, settings
from regulars.events import api as events
from regulars.events.models import Inbox
from regulars.messaging import api as messaging
from regulars.messaging.models import Message
from regulars.web.models import Answered
from tests.events.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a very long passphrase"
ORDER: dict[str, Any] = {
    "kind": "order.placed",
    "fields": {"order_id": "1042", "total": "48.40", "currency": "EUR"},
    "people": {"email": "ann@example.com", "id": "c1", "phone": "+15551234567"},
    "occurred_at": NOW.isoformat(),
    "event_id": "e1",
}


@pytest.fixture(autouse=True)
def at_noon(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_NOW", NOW.isoformat())
    monkeypatch.setenv("REGULARS_CURRENCY", "EUR")
    settings.current.cache_clear()


@pytest.fixture
def token() -> str:
    return made("write:facts")


def made(*scopes: str) -> str:
    if not access.owner_exists():
        access.create_owner(access.Newcomer(access.owner_link(NOW), "Ann", PASSWORD, "ann@example.com"), NOW)
    return access.make_token(access.users()[0], access.NewToken("shop", scopes), NOW)


def tell(token: str, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    client = Client(raise_request_exception=False)
    return client.post(
        "/api/facts", raw, content_type="application/json", headers={"Authorization": f"Bearer {token}", **headers}
    )


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ORDER, **more}.items() if name not in names}


def test_an_order_that_is_told_is_committed_when_it_is_answered(token: str) -> None:
    answer = tell(token, ORDER)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "duplicates": 0, "refused": []})
    assert Inbox.objects.get().kind == "order.placed"
    assert tell(token, [ORDER]).json()["duplicates"] == 1


def test_an_order_told_here_is_enough_for_a_message(token: str) -> None:
    messaging.put_trigger(messaging.Rule(name="thanks", kind="order.placed", channel="sms", template="thank_you_sms"))
    tell(token, without("event_id"))
    tell(token, without("event_id"))
    loop.run_once(NOW)
    loop.run_once(NOW)
    assert Message.objects.get().occurrence == "order.placed:main:1042"


# What is wrong, with the field and a word of the sentence.
WRONG = [
    ("text", "", "a fact is an object"),
    ({**ORDER, "feilds": {}}, "feilds", "did you mean 'fields'"),
    (without("kind"), "kind", "is missing"),
    ({**ORDER, "kind": "order.place"}, "kind", "did you mean 'order.placed'"),
    ({**ORDER, "kind": 7}, "kind", "write it as a text"),
    ({**ORDER, "fields": []}, "fields", "an object"),
    ({**ORDER, "fields": {"order_id": "1"}}, "fields.total", "total"),
    ({**ORDER, "fields": {**ORDER["fields"], "totl": 1}}, "fields.totl", "did you mean 'total'"),
    ({**ORDER, "fields": {**ORDER["fields"], "total": "much"}}, "fields.total", "decimal"),
    ({**ORDER, "fields": {**ORDER["fields"], "total": "NaN"}}, "fields.total", "below"),
    ({**ORDER, "fields": {**ORDER["fields"], "total": "1e30"}}, "fields.total", "below"),
    ({**ORDER, "fields": {**ORDER["fields"], "rate": "1e12"}}, "fields.rate", "below"),
    ({**ORDER, "fields": {**ORDER["fields"], "lines": [{"amount": "1e20"}]}}, "fields.lines.amount", "below"),
    ({**ORDER, "fields": {**ORDER["fields"], "currency": "euro"}}, "fields.currency", "three capital letters"),
    ({**ORDER, "fields": {**ORDER["fields"], "currency": "USD"}}, "fields.rate", "the shop counts in EUR"),
    ({**ORDER, "fields": {**ORDER["fields"], "order_id": "a\0b"}}, "fields", "NUL"),
    ({**ORDER, "people": "ann"}, "people", "identifiers"),
    ({**ORDER, "people": {"mail": "ann@example.com"}}, "people.mail", "did you mean 'email'"),
    ({**ORDER, "people": {"email": ["x"]}}, "people.email", "must be a text"),
    ({**ORDER, "occurred_at": "yesterday"}, "occurred_at", "write it like"),
    ({**ORDER, "occurred_at": 7}, "occurred_at", "write it like"),
    ({**ORDER, "occurred_at": "2030-01-01T00:00:00Z"}, "occurred_at", "future"),
    ({**ORDER, "event_id": "e" * 300}, "event_id", "255"),
    ({**ORDER, "kind": "message.sent", "fields": {}}, "kind", "hook"),
]


@pytest.mark.parametrize(("row", "field", "word"), WRONG, ids=lambda one: str(one)[:40])
def test_a_bad_row_is_answered_with_its_field_and_the_others_go_through(
    token: str, row: Any, field: str, word: str
) -> None:
    answer = tell(token, [{**ORDER, "event_id": "good", "fields": {**ORDER["fields"], "order_id": "1"}}, row])
    told = answer.json()
    assert (answer.status_code, told["accepted"]) == (207, 1), told
    assert [(one["index"], one["field"]) for one in told["refused"]] == [(1, field)], told
    assert word in told["refused"][0]["reason"]
    assert tell(token, [row]).status_code == 422
    assert Inbox.objects.count() == 1


def test_what_cannot_be_read_at_all_is_refused_whole(token: str) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    whole = [
        (b"{", 400),
        (b"\xff", 400),
        (b"", 400),
        (deep, 400),
        (b"[]", 422),
        (b" " * 5_300_000 + b"{}", 413),
        (b"[" + b"{}," * 5_000 + b"{}]", 413),
    ]
    for body, status in whole:
        answer = tell(token, body)
        assert answer.status_code == status, body[:20]
        assert answer.json()["detail"]
    assert not Inbox.objects.exists()


def test_five_thousand_facts_go_through_at_once_and_land_in_the_lake(token: str) -> None:
    rows = [
        {"kind": "page.seen", "fields": {"n": n}, "people": {"id": f"c{n % 50}"}, "event_id": f"p{n}"}
        for n in range(5_000)
    ]
    assert tell(token, rows).json() == {"accepted": 5_000, "duplicates": 0, "refused": []}
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        assert moment.rows("SELECT count(*) FROM facts.custom_tracked")[0][0] == 5_000


def test_who_may_not_tell_is_told_so(token: str) -> None:
    assert tell("rgl_nothing", ORDER).status_code == 401
    answer = tell(made("read:reports"), ORDER)
    assert (answer.status_code, "write:facts" in answer.json()["detail"]) == (403, True)
    assert not Inbox.objects.exists()


def test_the_same_key_gets_the_same_answer_and_another_body_none(token: str) -> None:
    body = [without("event_id", kind="page.seen", fields={}), {"kind": 7}]
    first = tell(token, body, **{"Idempotency-Key": "k1"})
    again = tell(token, body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (207, first.json())
    assert Inbox.objects.count() == 1
    other = tell(token, ORDER, **{"Idempotency-Key": "k1"})
    assert (other.status_code, "another body" in other.json()["detail"]) == (422, True)
    assert tell(token, body, **{"Idempotency-Key": "k2"}).json()["accepted"] == 1
    assert tell(token, body, **{"Idempotency-Key": "x" * 300}).status_code == 422
    assert Inbox.objects.count() == 2


def test_what_could_not_be_read_keeps_no_key(token: str) -> None:
    assert tell(token, b"{", **{"Idempotency-Key": "k1"}).status_code == 400
    assert tell(token, ORDER, **{"Idempotency-Key": "k1"}).status_code == 202


def test_answers_are_kept_for_two_days(token: str) -> None:
    tell(token, ORDER, **{"Idempotency-Key": "k1"})
    Answered.objects.update(at=clock.parse_instant("2024-05-30T11:00:00Z"))
    tell(token, ORDER, **{"Idempotency-Key": "k2"})
    assert Answered.objects.count() == 1


def test_five_hundred_spoiled_facts_break_nothing_and_what_goes_through_can_be_read(token: str) -> None:
    random = Random(20_260_403)
    odd: list[Any] = [
        None,
        True,
        "",
        [],
        {},
        -1,
        2**70,
        1e308,
        "\x00",
        "a" * 70_000,
        "NaN",
        "Infinity",
        "9" * 5_000,
        [None],
        {"a": {}},
    ]
    for number in range(500):
        row = json.loads(json.dumps({**ORDER, "event_id": f"s{number}"}))
        row["fields"]["order_id"] = f"s{number}"
        holder: Any = random.choice([row, row["fields"], row["people"]])
        name = random.choice([*holder, "lines", "x"])
        holder[name] = random.choice(odd)
        assert tell(token, row).status_code in (202, 207, 422), row
    assert Inbox.objects.count() > 20
    loop.run_once(NOW)
    assert events.waiting()["inbox"] == 0
    with events.reader(NOW) as moment:
        assert moment.rows("SELECT count(*) FROM orders")[0][0] > 10
    events.flush_when_due(NOW.replace(hour=23))
    assert events.waiting()["log"] == 0


def test_the_description_shows_the_answers() -> None:
    from regulars.web.api.door import api

    told = api.get_openapi_schema(path_prefix="/api/")["paths"]["/api/facts"]["post"]
    assert {202, 207, 400, 413, 422} <= set(told["responses"])
    assert told["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert told["parameters"][0]["name"] == "Idempotency-Key"
