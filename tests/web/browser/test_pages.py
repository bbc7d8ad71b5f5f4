"""Every page, wide and narrow, light and dark: whole, accessible, strict, and alone with its own host."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.browser.conftest import App, Watch
from tests.web.browser.places import places

pytestmark = pytest.mark.slow
LOOKS = ((1440, "light"), (390, "dark"))
NONE = "0" * 32
MISSING = {
    "/nowhere", "/work/1", f"/imports/check/{NONE}", f"/messages/{NONE}", f"/drawer/{NONE}", f"/u/{NONE}", f"/p/{NONE}",
    f"/confirm/{NONE}", "/join/new", "/join/new/embed", "/consent/forms/new/preview",
}  # fmt: skip


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_is_whole_and_open_to_everybody(demo: App, watch: Watch, width: int, theme: str) -> None:
    one, faults = watch(demo, width, theme), []
    one.open("/blocks")
    one.page.fill("#name", "welcome")  # there from then on, as the template of that name is
    one.page.get_by_role("button", name="Make it").click()
    for path in places():
        one.complaints.clear()
        status = one.open(path)
        one.page.wait_for_timeout(150)
        if status != (404 if path in MISSING else 200):
            faults.append(f"{path} answered {status}")
        faults += [
            f"{path} complains: {said}" for said in one.complaints if "status of 404" not in said or path not in MISSING
        ]
        if (wide := one.page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{path} is {wide} pixels wide at {width}")
        found = Axe().run(one.page).response["violations"]
        faults += [f"{path}: {fault['id']} at {[node['target'] for node in fault['nodes'][:2]]}" for fault in found]
    assert not faults, "\n".join(faults)


def test_the_theme_is_kept(demo: App, watch: Watch) -> None:
    one = watch(demo)
    one.open("/")
    one.page.get_by_role("button", name="Light or dark").click()
    assert one.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    one.open("/value")
    assert one.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert not one.complaints


def test_charts_are_drawn_and_their_table_and_definition_are_one_click_away(demo: App, watch: Watch) -> None:
    one = watch(demo)
    one.open("/value")
    assert one.page.locator(".chart canvas").count() >= 2
    first = one.page.locator("#spread")
    first.get_by_text("Definition").click()
    assert first.get_by_text("by their net value to date").is_visible()
    first.get_by_text("The figures as a table").click()
    assert first.locator("table tbody tr").count() > 3
    with one.page.expect_download() as download:
        first.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "spread.csv"


def test_everything_goes_by_keyboard_alone(demo: App, watch: Watch) -> None:
    one = watch(demo)
    one.open("/")
    press, active = one.page.keyboard.press, lambda: one.page.evaluate("document.activeElement.textContent.trim()")
    press("Tab")
    assert active() == "Skip to the content"
    press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "main"
    press("/")
    assert one.page.evaluate("document.activeElement.id") == "search"
    one.page.keyboard.type("retention")
    one.page.wait_for_selector("#found a")
    press("ArrowDown")
    press("Enter")
    one.page.wait_for_url("**/retention")
    for _ in range(60):
        press("Tab")
        if one.page.evaluate("document.activeElement === document.body"):
            break  # past the last one
        ring = one.page.evaluate(
            "(e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow + (e.closest('.drop') ? 'x' : ''))(document.activeElement)"
        )
        assert ring != "nonenone", one.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(demo: App, watch: Watch) -> None:
    one = watch(demo, 390)
    one.open("/")
    menu = one.page.get_by_role("button", name="Menu", exact=True)
    assert not one.page.get_by_role("link", name="Retention", exact=True).is_visible()
    menu.focus()
    one.page.keyboard.press("Enter")
    assert one.page.get_by_role("link", name="Retention", exact=True).is_visible()
    assert one.page.evaluate("document.activeElement.closest('#side') !== null")
    one.page.keyboard.press("Escape")
    one.page.wait_for_timeout(300)
    assert one.page.evaluate("document.activeElement.classList.contains('menu-button')")
