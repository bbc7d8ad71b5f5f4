"""The first visit: three doors, making it one's own, the second visit, and throwing the sample away."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from django.test import Client

from regulars.access import api as access
from regulars.access.models import User
from regulars.cli.supervisor.chores import HANDLERS
from regulars.core import clock
from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.web.shell import lake

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
AFAR = {"REMOTE_ADDR": "10.1.2.3", "HTTP_HOST": "127.0.0.1:8300"}
PASSWORD, OTHER = "a very long passphrase", "quite another passphrase"


@pytest.fixture(autouse=True)
def fresh(home: Path) -> Iterator[None]:
    lake.forget()
    yield
    lake.forget()


def own(client: Client) -> None:
    answer = client.post("/owner", {"email": "ann@example.com", "name": "Ann", "password": PASSWORD})
    assert answer.status_code == 302


def work() -> None:
    while jobs.work_once(HANDLERS, clock.utc_now()):
        pass


def test_three_doors_stand_open_on_this_machine() -> None:
    page = Client(**HERE).get("/").content.decode()
    for door in ("Drop your orders.csv", "Open the demo shop", "Look at CDNOW"):
        assert door in page


def test_cdnow_opens_is_labelled_and_can_be_thrown_away() -> None:
    client = Client(**HERE)
    assert client.post("/open/cdnow").status_code == 302
    assert "Opening CDNOW" in client.get("/").content.decode()
    work()
    page = client.get("/").content.decode()
    assert "A real music shop" in page
    assert "Throw it away" in page
    assert "576 of 2,357" in client.get("/overview/came-back").content.decode()
    assert "had foretold" in client.get("/overview/hidden-quarter").content.decode()
    assert "late by their own rhythm" in client.get("/overview/late").content.decode()
    client.post("/settings/start-over")
    work()
    assert events.newest() == 0
    assert "Open the demo shop" in client.get("/").content.decode()
    assert client.post("/open/cdnow").status_code == 302
    work()
    assert "576 of 2,357" in client.get("/overview/came-back").content.decode()


def test_the_demo_opens_and_is_always_labelled() -> None:
    client = Client(**HERE)
    jobs.ask("demo", {"customers": 300}, "", clock.utc_now())
    work()
    for path in ("/", "/customers", "/retention", "/value", "/at-risk", "/products", "/data"):
        assert "Every customer, order and parcel here is made up" in client.get(path).content.decode(), path


def test_a_shop_of_ones_own_is_not_thrown_away_by_a_slip() -> None:
    client = Client(**HERE)
    jobs.ask("cdnow", {}, "", clock.utc_now())
    work()
    events.set_label("")
    client.post("/settings/start-over")
    work()
    assert events.newest() > 0
    client.post("/settings/start-over", {"sure": "delete"})
    work()
    assert events.newest() == 0


def test_from_elsewhere_the_owner_needs_the_printed_token() -> None:
    client = Client(**AFAR)
    token = access.owner_link(clock.utc_now())
    told = {"email": "ann@example.com", "name": "Ann", "password": PASSWORD}
    assert client.post("/owner", {**told, "token": "guess"}).status_code == 403
    assert client.post("/owner", {**told, "token": token}).status_code == 302
    assert client.get("/").status_code == 200


def test_the_second_visit_asks_for_sign_in_also_on_this_machine() -> None:
    own(Client(**HERE))
    second = Client(**HERE)
    assert second.get("/")["Location"] == "/sign-in"
    assert second.get("/owner")["Location"] == "/sign-in"
    wrong = second.post("/sign-in", {"email": "ann@example.com", "password": "no"})
    assert wrong.status_code == 403
    assert second.post("/sign-in", {"email": "ann@example.com", "password": PASSWORD}).status_code == 302
    assert second.get("/").status_code == 200


def test_guessing_is_slowed_down() -> None:
    own(Client(**HERE))
    guesser = Client(**AFAR)
    for _ in range(6):
        last = guesser.post("/sign-in", {"email": "ann@example.com", "password": "guess"})
    assert "wait" in last.content.decode().lower() or "again in" in last.content.decode().lower()
    assert guesser.post("/sign-in", {"email": "ann@example.com", "password": PASSWORD}).status_code == 403


def test_a_changed_password_ends_every_other_session_and_the_tokens() -> None:
    here, there = Client(**HERE), Client(**AFAR)
    own(here)
    there.post("/sign-in", {"email": "ann@example.com", "password": PASSWORD})
    here.post("/users/tokens", {"name": "till", "scopes": ["read:reports"]})
    token = re.search(r'value="(rgl_[^"]+)"', here.get("/users").content.decode())
    assert token
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token[1]}"}
    assert Client(**AFAR).get("/api/state", **bearer).status_code == 200
    assert here.post("/account", {"password": PASSWORD, "new": OTHER}).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/")["Location"] == "/sign-in"
    assert Client(**AFAR).get("/api/state", **bearer).status_code == 401


def test_an_authenticator_app_is_asked_for_once_it_is_set_up() -> None:
    client = Client(**HERE)
    own(client)
    page = client.get("/account/authenticator").content.decode()
    secret = client.session["totp"]
    assert secret in page
    assert "<svg" in page
    code = pyotp.TOTP(secret).at(clock.utc_now())
    assert client.post("/account/authenticator", {"code": code}).status_code == 302
    assert access.has_totp(User.objects.get())
    later = Client(**HERE)
    asked = later.post("/sign-in", {"email": "ann@example.com", "password": PASSWORD})
    assert "authenticator" in asked.content.decode()
    assert later.get("/").status_code == 302
    next_code = pyotp.TOTP(secret).at(clock.utc_now() + timedelta(seconds=30))
    said = {"email": "ann@example.com", "password": PASSWORD}
    assert later.post("/sign-in", {**said, "code": code}).status_code == 403, "no code is taken twice"
    assert later.post("/sign-in", {**said, "code": next_code}).status_code == 302


def test_a_reset_link_does_not_stand_in_for_the_authenticator() -> None:
    client = Client(**HERE)
    own(client)
    client.get("/account/authenticator")
    client.post("/account/authenticator", {"code": pyotp.TOTP(client.session["totp"]).at(clock.utc_now())})
    token = access.reset("ann@example.com", "tests", clock.utc_now())
    visitor = Client(**AFAR)
    assert visitor.post(f"/welcome/{token}", {"name": "Ann", "password": OTHER})["Location"] == "/sign-in"
    assert visitor.get("/").status_code == 302


def test_who_is_invited_has_the_role_and_no_more() -> None:
    owner = Client(**HERE)
    own(owner)
    owner.post("/users/change", {"do": "invite", "email": "bo@example.com", "role": "analyst"})
    link = re.search(r'value="http[^"]*(/welcome/[^"]+)"', owner.get("/users").content.decode())
    assert link
    analyst = Client(**AFAR)
    assert analyst.post(link[1], {"name": "Bo", "password": OTHER}).status_code == 302
    assert analyst.get("/data/sql").status_code == 200
    assert analyst.get("/users").status_code == 403
    assert analyst.post("/open/cdnow").status_code == 403
    assert Client(**AFAR).post(link[1], {"name": "Eve", "password": OTHER}).status_code == 403, "the link works once"
    owner.post("/users/change", {"do": "deactivate", "email": "bo@example.com"})
    assert analyst.get("/")["Location"] == "/sign-in"
