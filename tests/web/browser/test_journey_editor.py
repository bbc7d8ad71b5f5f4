"""A journey built in the browser: steps added and filled in, a mistake said at its step, kept, switched on; usable on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import App, Watch

pytestmark = pytest.mark.slow


def listening(page: Any) -> None:
    """Wait until the page listens to a part that came new: a machine is quicker than the moment that this takes."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    page.wait_for_timeout(150)


def test_a_small_journey_is_built_kept_and_switched_on(empty: App, watch: Watch) -> None:
    one = watch(empty)
    page = one.page
    assert one.open("/journeys/_new") == 200
    page.locator("#p-title").fill("Tea again")
    expect(page.locator("#text")).to_have_value("name: tea-again\ntitle: Tea again\ntrigger: order\nsteps: []\n")
    page.locator("#steps-add").press("Enter")
    page.get_by_role("button", name="Wait a while").click()
    expect(page.locator("#open")).to_be_focused()
    listening(page)
    page.locator("#p-for").fill("soon")
    expect(page.locator("#steps-1-fault")).to_contain_text("a length of time must stand here")
    page.locator("#p-for").fill("5")
    expect(page.locator("#said")).to_contain_text("yes")
    expect(page.locator("#steps-1-says")).to_have_text("Wait 5 days")
    page.locator("#steps-add").press("Enter")
    page.get_by_role("button", name="Send a message").click()
    listening(page)
    page.locator("#p-template").select_option("thank_you")
    expect(page.locator("#steps-2-says")).to_have_text("Send thank_you: E-mail")
    page.locator("#steps-2-up").press("Enter")
    expect(page.locator("#steps-1-says")).to_have_text("Send thank_you: E-mail")
    expect(page.locator("#steps-1-up")).to_be_focused()
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("5 days", "6 days"))
    expect(page.locator("#steps-2-says")).to_have_text("Wait 6 days")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Keep this journey").click()
    expect(page.get_by_role("heading", name="Tea again")).to_be_visible()
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("It is on: what happens from now on leads people in.")).to_be_visible()
    assert one.complaints == []
