"""The doors for browsers: who may knock, from which site, and what the pages show."""

import html
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from regulars.consent import api as consent
from regulars.core import clock
from regulars.messaging import api as messaging
from regulars.messaging.channels.push.encryption import packed, private, public
from regulars.messaging.models import Subscription
from regulars.web.shell import lake
from tests.messaging.channels.test_push import OWN, at
from tests.web.shopper.ground import FORM, ORIGIN, anybody, choices, may, shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
SITE = "https://www.shop.example"
FROM_SHOP = {"HTTP_ORIGIN": SITE}
ENDPOINT = "https://push.example/x"
KEY = packed(public(private(OWN)))
ANNS = "ann@example.com"


@pytest.fixture(autouse=True)
def form() -> consent.FormOffered:
    messaging.put_route(
        "Push", "webpush", {"key": OWN, "contact": "mailto:shop@kessel.example"}, "ann", clock.utc_now()
    )
    messaging.activate_route("Push", "ann", clock.utc_now())
    told = replace(FORM, slug="bell", channel="push", text="Yes, show me news of tea.")
    return consent.put_sign_up_form(told, clock.utc_now())


def knock(place: str = "/push/bell", where: dict[str, str] = FROM_SHOP, **fields: str) -> Any:
    return anybody().post(place, {"subscription": at(ENDPOINT)} | fields, **where)  # type: ignore[arg-type]


def test_a_browser_on_the_shops_site_joins_and_leaves() -> None:
    answer = knock()
    assert (answer.status_code, answer.json()) == (200, {"is_on": True})
    assert answer["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer["Vary"]
    assert Subscription.objects.count() == 1
    assert knock(do="leave", endpoint=ENDPOINT).json() == {"is_on": False}
    assert not Subscription.objects.exists()


def test_another_site_is_refused_and_may_not_read_the_answer() -> None:
    answer = knock(where={"HTTP_ORIGIN": "https://evil.example"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer
    assert not Subscription.objects.exists()


def test_a_link_of_theirs_says_who_it_is_and_a_forged_one_says_nothing() -> None:
    ann = shop()["ann"]
    knock(person=choices(ann, ANNS).removeprefix("/p/"))
    assert may(ann, "push")
    assert Subscription.objects.get().customer_id == ann
    knock(person=f"{ann}~{'0' * 32}.forged", subscription=at("https://push.example/y"))
    assert set(Subscription.objects.values_list("customer_id", flat=True)) == {ann, 0}


def test_a_link_to_an_address_that_is_no_longer_theirs_says_nothing() -> None:
    ann = shop()["ann"]
    knock(person=choices(ann, "old@example.com").removeprefix("/p/"))
    assert Subscription.objects.get().customer_id == 0
    assert not may(ann, "push")


def test_the_page_of_preferences_has_the_button_and_its_door() -> None:
    ann = shop()["ann"]
    place = choices(ann, ANNS)
    shown = anybody().get(place).content.decode()
    assert f'data-key="{KEY}"' in shown
    assert f'data-regulars-push="{place}/push"' in shown
    token = place.removeprefix("/p/")
    assert knock(f"{place}/push", FROM_SHOP, person=token).status_code == 403
    assert knock(f"{place}/push", ORIGIN).status_code == 403
    assert knock(f"{place}/push", ORIGIN, person=token).status_code == 200
    assert may(ann, "push")


def test_without_a_route_in_use_there_is_no_button() -> None:
    messaging.deactivate_route("Push", "ann", clock.utc_now())
    assert "data-regulars-push" not in anybody().get(choices(shop()["ann"], ANNS)).content.decode()
    assert "data-regulars-push" not in anybody().get("/join/bell").content.decode()


def test_the_forms_own_page_has_the_button_and_takes_no_address() -> None:
    shown = anybody().get("/join/bell").content.decode()
    assert 'data-regulars-push="/push/bell"' in shown
    assert 'name="address"' not in shown
    assert anybody().post("/join/bell", {"address": ANNS}).status_code == 200
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("text", ["", "{}", at("http://push.example/x"), at("https://127.0.0.1/x")])
def test_what_is_no_subscription_is_refused(text: str) -> None:
    assert knock(subscription=text).status_code == 422


def test_a_form_for_mails_or_out_of_use_takes_no_browser(form: consent.FormOffered) -> None:
    consent.put_sign_up_form(FORM, clock.utc_now())
    assert knock("/push/tea").status_code == 404
    consent.put_sign_up_form(replace(form, is_active=False), clock.utc_now())
    assert knock().status_code == 404


def test_who_knocks_too_often_has_to_wait() -> None:
    assert [knock().status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_shop_sees_the_snippet_the_key_and_whose_browser_it_is() -> None:
    ann = shop()["ann"]
    knock(person=choices(ann, ANNS).removeprefix("/p/"))
    own = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST="127.0.0.1:8300")
    lake.forget()
    snippet = html.unescape(own.get("/consent/forms/bell").content.decode())
    assert f'data-key="{KEY}" data-worker="/regulars-worker.js"' in snippet
    assert 'importScripts("' in snippet
    assert KEY in own.get("/channels").content.decode()
    assert "Browsers that show notifications" in own.get(f"/customers/{ann}").content.decode()
    lake.forget()


def test_scripts_fetch_nothing_but_the_door_and_run_under_the_strict_policy() -> None:
    for name in ("push.js", "push-worker.js"):
        answer = anybody().get(f"/static/web/{name}")
        assert answer.status_code == 200
        assert "javascript" in answer["Content-Type"]
        assert "unsafe" not in answer["Content-Security-Policy"]
