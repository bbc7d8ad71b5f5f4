"""Every address of the app, in a list made from the routes: who gets in, by which method, and what changes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from regulars import loop
from regulars.access import api as access
from regulars.access.models import User
from regulars.core import clock
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from regulars.web.access.gate import ANYBODY, READING, Gate, gate_of
from regulars.web.shell import lake
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = {
    "number": "1", "token": "0" * 32, "key": "0" * 32, "customer_id": "1", "provider": "sendgrid", "name": "welcome", "slug": "tea",
}  # fmt: skip
# The only addresses that answer somebody who is not signed in once an owner exists.
OPEN = {
    "sign-in", "sign-out", "owner", "accept", "healthz", "readyz", "metrics", "openapi-json", "hook", "click", "pixel",
}  # fmt: skip
# Pages for shoppers: no session stands behind them, so no page's token is asked for; the link itself is the authority.
SHOPPERS = {
    "unsubscribe",
    "unsubscribe-back",
    "preferences",
    "join",
    "join-embed",
    "confirm",
    "push-form",
    "push-person",
}
OPEN |= SHOPPERS
# What programs call: each request proves itself by its provider's signature, so no page's token is asked for.
PROVEN = {"hook"}
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
PASSWORD = "a very long passphrase"
# What a request may write without changing anything of the shop: its own session and the record of a fault.
ITS_OWN = {"django_session", "access_attempt", "access_deed", "events_lease"}


def walked(patterns: Any, before: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from walked(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def address(route: str) -> str:
    for name, value in SAMPLES.items():
        for kind in ("int:", "str:", "slug:", ""):
            route = route.replace(f"<{kind}{name}>", value).replace(f"{{{name}}}", value)
    return route


ROUTES = [(address(route), pattern) for route, pattern in walked(get_resolver().url_patterns)]
PAGES = [(path, pattern) for path, pattern in ROUTES if not path.startswith("/api/")]


def gate(pattern: URLPattern) -> Gate:
    found = gate_of(pattern.callback)
    assert found is not None, f"{pattern.name} says nothing about who is let in"
    return found


@pytest.fixture
def shop(home: Path) -> Iterator[None]:
    """Load the tiny shop, and drop the app's opened moment before and after."""
    lake.forget()
    request = sources.Request(ROOT / "tests" / "data" / "tiny" / "orders.csv", profiles.people, clock.utc_now())
    sources.import_file("orders", request, sources.options())
    loop.run_once(clock.utc_now())
    messaging.install_starters(clock.utc_now())
    yield
    lake.forget()


def hired(role: str) -> User:
    """Return a user of a role; the owner comes first."""
    now = clock.utc_now()
    if not access.owner_exists():
        access.create_owner(access.Newcomer(access.owner_link(now), "Ann", PASSWORD, "ann@example.com"), now)
    if role == "owner":
        return User.objects.get(email="ann@example.com")
    token = access.invite(f"{role}@example.com", access.Role(role), "ann@example.com", now)
    return access.accept(access.Newcomer(token, role, PASSWORD), now)


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**HERE, **options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def counted() -> dict[str, int]:
    return {
        model._meta.db_table: model.objects.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in ITS_OWN
    }


def test_every_page_says_who_is_let_in() -> None:
    assert len(PAGES) > 35
    for _, pattern in PAGES:
        said = gate(pattern)
        assert said.permission == ANYBODY or said.permission in list(access.Permission)
        assert said.permission != ANYBODY or pattern.name in OPEN, f"{pattern.name} is open to anybody"
        unsafe = set(said.methods) - set(READING)
        assert not unsafe or pattern.name in OPEN or said.needed("POST") in {*access.CHANGING, "save_own", "see", "sql"}


def test_who_is_not_signed_in_sees_nothing(shop: None) -> None:
    hired("owner")
    for path, pattern in PAGES:
        answer = Client(**HERE).get(path)
        if pattern.name in OPEN:
            assert b"ann@" not in answer.content, path
            continue
        assert answer.status_code in (302, 405), path
        assert answer.status_code == 405 or answer["Location"].startswith("/sign-in"), path


@pytest.mark.parametrize(
    "far", [{"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=127.0.0.1"}]
)
def test_a_first_visit_from_elsewhere_gets_the_owners_form_and_nothing_else(shop: None, far: dict[str, str]) -> None:
    client = Client(**{**HERE, **far})
    for path, pattern in PAGES:
        answer = client.get(path)
        if pattern.name in OPEN:
            continue
        assert answer.status_code in (302, 405), path
        assert answer.status_code == 405 or answer["Location"].startswith("/owner")
    made = client.post("/owner", {"email": "eve@example.com", "password": PASSWORD, "name": "Eve"})
    assert made.status_code == 403
    assert not access.owner_exists()


def test_a_name_that_only_leads_here_is_not_this_machine(shop: None) -> None:
    assert Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST="evil.example").get("/").status_code == 400


def test_the_visitor_on_this_machine_sees_every_page(shop: None) -> None:
    client = Client(**HERE)
    for path, pattern in PAGES:
        if "GET" in gate(pattern).methods and pattern.name != "readyz":
            assert client.get(path).status_code in (200, 302, 404, 405), path


UNSAFE = [(path, pattern) for path, pattern in PAGES if "POST" in gate(pattern).methods and pattern.name not in PROVEN]


def test_no_change_without_the_pages_token(shop: None) -> None:
    client = signed_in(hired("owner"), enforce_csrf_checks=True)
    before = counted()
    for path, pattern in UNSAFE:
        answer = client.post(path, {"do": "x", "name": "x", "query": "SELECT 1"})
        if pattern.name in SHOPPERS:
            assert answer.status_code == 404, path
            continue
        assert answer.status_code == 403, path
        assert b"This was not done" in answer.content, path
    assert counted() == before


@pytest.mark.parametrize("role", ["analyst", "support"])
def test_who_may_only_look_changes_nothing(shop: None, role: str) -> None:
    client = signed_in(hired(role))
    client.get("/data/sql")  # the derived tables may be built for whoever looks first
    before = counted()
    for path, pattern in UNSAFE:
        needed = gate(pattern).needed("POST")
        answer = client.post(path, {"do": "invite", "email": "x@example.com", "name": "x", "sure": "DELETE"})
        if needed in access.CHANGING or (role == "support" and needed == "sql"):
            assert answer.status_code == 403, path
    after = counted()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"web_saved"}, "a view of one's own may be kept, nothing else"


def test_reading_changes_nothing(shop: None) -> None:
    client = signed_in(hired("owner"))
    client.get("/")
    before = counted()
    for path, _ in ROUTES:
        for method in (client.get, client.head, client.options):
            method(path)
    assert counted() == before


@pytest.mark.parametrize(
    "get",
    [
        lambda c: c.get("/"),
        lambda c: c.get("/nowhere"),
        lambda c: c.post("/settings/start-over"),
        lambda c: c.get("/static/web/app.css"),
        lambda c: c.get("/data?csv=tables"),
        lambda c: c.get("/healthz"),
    ],
)
def test_every_answer_carries_the_strict_headers(shop: None, get: Callable[[Client], Any]) -> None:
    answer = get(Client(**HERE, enforce_csrf_checks=True))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_report_is_strict_too(shop: None) -> None:
    answer = Client(**HERE).get("/report.html")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert b"unsafe" not in answer.content.split(b"</head>")[0].replace(b"unseen", b"")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil", "\x00//evil"],
)
def test_signing_in_leads_to_our_own_pages_only(shop: None, target: str) -> None:
    hired("owner")
    client = Client(**HERE)
    answer = client.post("/sign-in", {"email": "ann@example.com", "password": PASSWORD, "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_cookies_are_for_us_alone(shop: None) -> None:
    hired("owner")
    answer = Client(**HERE).post("/sign-in", {"email": "ann@example.com", "password": PASSWORD})
    session = answer.cookies["regulars_session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
