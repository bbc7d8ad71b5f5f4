"""The page in a real browser, at desk and telephone width: no sideways scroll, no complaint, no request."""

import os
from pathlib import Path
from typing import Any

import pytest

from regulars.measurement.page import html
from tests.measurement.page import sample

SHOPS = [sample.like_cdnow, sample.growing_shop, sample.abstaining, sample.empty]


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """The folder for pictures: REGULARS_SHOTS when it is set."""
    folder = Path(os.environ.get("REGULARS_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.__name__)
def test_the_page_fits_and_keeps_to_itself(browser: Any, shots: Path, shop: Any, width: int, colours: str) -> None:
    file = shots / f"{shop.__name__}.html"
    file.write_text(html(shop()), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=colours)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.screenshot(path=str(shots / f"{shop.__name__}-{width}-{colours}.png"), full_page=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide <= width
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


def test_one_drawing_of_each_chart_is_shown_and_it_is_the_one_that_fits(browser: Any, shots: Path) -> None:
    file = shots / "like_cdnow.html"
    file.write_text(html(sample.like_cdnow()), encoding="utf-8")
    for width, name in ((1440, "wide"), (390, "narrow")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file.as_uri())
        shown = page.evaluate(
            "[...document.querySelectorAll('.chart svg')].filter(one => one.checkVisibility())"
            ".map(one => one.classList[1])"
        )
        page.close()
        assert shown == [name] * 7


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.__name__)
def test_no_word_on_a_chart_leaves_its_picture_or_lies_on_another(browser: Any, shots: Path, shop: Any) -> None:
    file = shots / f"{shop.__name__}.html"
    file.write_text(html(shop()), encoding="utf-8")
    for width in (1440, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file.as_uri())
        found = page.evaluate(COLLISIONS)
        page.close()
        assert found == []


def test_an_unfinished_period_is_hatched(browser: Any, shots: Path) -> None:
    file = shots / "like_cdnow.html"
    file.write_text(html(sample.like_cdnow()), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    hatched = page.evaluate(
        "[...document.querySelectorAll('td.unfinished')]"
        ".map(one => getComputedStyle(one).backgroundImage.split('(')[0])"
    )
    page.close()
    assert set(hatched) == {"repeating-linear-gradient"}


def test_the_page_prints_on_a4(browser: Any, shots: Path) -> None:
    file = shots / "like_cdnow.html"
    file.write_text(html(sample.like_cdnow()), encoding="utf-8")
    page = browser.new_page(color_scheme="dark")
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    printed = page.pdf(path=str(shots / "like_cdnow.pdf"), prefer_css_page_size=True, print_background=True)
    page.close()
    assert ground == "rgb(255, 255, 255)"
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 595" in printed or b"/MediaBox [0 0 594" in printed


COLLISIONS = """() => [...document.querySelectorAll('svg.picture')].filter(one => one.checkVisibility())
  .flatMap(chart => {
  const frame = chart.getBoundingClientRect()
  const words = [...chart.querySelectorAll('text')].filter(one => one.textContent.trim())
    .map(one => ({ said: one.textContent, box: one.getBoundingClientRect() }))
  const leaving = words.filter(({ box }) => box.left < frame.left - 3 || box.right > frame.right + 3)
  const touching = words.flatMap((one, n) => words.slice(n + 1).filter(other =>
    one.box.left < other.box.right - 1 && other.box.left < one.box.right - 1 &&
    one.box.top < other.box.bottom - 4 && other.box.top < one.box.bottom - 4)
    .map(other => one.said + ' / ' + other.said))
  return [...leaving.map(one => one.said), ...touching]
})"""
