"""Trying notifications from the pages: a browser is chosen by its label, and nobody writes JSON."""

import pytest
from django.test import Client

from regulars.messaging import api as messaging
from tests.consent.people import shop
from tests.messaging.browsers.test_browsers import Service, join, service
from tests.web.test_routes import HERE

__all__ = ["service"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_the_channels_page_lets_choose_a_browser_and_says_when_there_is_none(service: Service) -> None:
    client = Client(**HERE)
    assert "No browser has joined yet" in client.get("/channels").content.decode()
    address = join(service.browser(), shop()["ann"])
    page = client.get("/channels").content.decode()
    assert f'<option value="{address}">127.0.0.1 of ' in page
    assert "No browser has joined yet" not in page
    told = {"do": "test", "name": "Push", "to": address}
    assert "The test was taken over." in client.post("/channels", told, follow=True).content.decode()
    assert len(service.came) == 1
    page = client.post("/channels", {**told, "to": "{}"}, follow=True).content.decode()
    assert "choose one that has joined" in page


def test_the_editor_lists_the_browsers_that_a_test_may_go_to(service: Service) -> None:
    join(service.browser(), shop()["ann"])
    nobodys = join(service.browser("b"))
    page = Client(**HERE).get("/templates/out_for_delivery_push").content.decode()
    assert page.count('<option value="push:') == 1
    assert f'<option value="{nobodys}">127.0.0.1 of somebody unknown' in page
    assert "none: only into the drawer" in page
    assert messaging.newest_browsers()
