"""The page: well formed, alone in the world, readable by everyone, and the same figures in every chart and table."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from regulars.measurement.page import html
from tests.measurement.page import sample
from tests.measurement.page.parsed import Element, parse

SHOPS = [sample.like_cdnow, sample.growing_shop, sample.empty, sample.abstaining, sample.hostile, dict]
Shop = Callable[[], sample.Report]
every_shop = pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.__name__)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


def figure(page: Element, key: str) -> Element:
    """Return the figure with a key."""
    return next(article for article in page.every("article") if article.attributes["id"] == key)


def charts(article: Element) -> list[Element]:
    """Return a figure's drawings, the wide and the narrow one."""
    return [picture for picture in article.every("svg") if "strip" not in picture.classes]


@every_shop
def test_the_page_is_well_formed(shop: Shop) -> None:
    page = html(shop())
    parse(page)
    for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(drawing)


@every_shop
def test_the_page_asks_nothing_of_anyone(shop: Shop) -> None:
    page = html(shop())
    for element in parse(page).every():
        assert element.tag not in {"script", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
        for name, value in element.attributes.items():
            assert not name.startswith("on"), f"<{element.tag} {name}>"
            if name in {"src", "href", "action", "data", "xlink:href"}:
                assert value.startswith(("#", "data:,")), value
    style = "".join(re.findall(r"<style>.*?</style>", page, re.DOTALL))
    assert "url(" not in style
    assert "@import" not in style


@every_shop
def test_every_name_that_is_pointed_at_is_there_once(shop: Shop) -> None:
    page = parse(html(shop()))
    names = [element.attributes["id"] for element in page.every() if "id" in element.attributes]
    assert len(names) == len(set(names))
    for element in page.every():
        assert element.attributes.get("aria-labelledby", names[0]) in names
        if element.tag == "a":
            assert element.attributes["href"].removeprefix("#") in names


@every_shop
def test_no_figure_reads_none_or_nan(shop: Shop) -> None:
    text = " ".join(part.text for part in parse(html(shop())).every("body"))
    assert not re.search(r"\b(None|nan|NaN|inf|undefined)\b", text)


@pytest.mark.parametrize("shop", [sample.like_cdnow, sample.growing_shop], ids=lambda shop: shop.__name__)
def test_every_chart_has_a_name_a_definition_and_a_table_with_its_figures(shop: Shop) -> None:
    drawn = [article for article in parse(html(shop())).every("article") if charts(article)]
    assert {article.attributes["id"] for article in drawn} == {
        "curve", "sequence", "lifecycle", "revenue", "quarters", "concentration", "backtest",
    }  # fmt: skip
    for article in drawn:
        assert {"wide", "narrow"} == {name for chart in charts(article) for name in chart.classes if name != "picture"}
        assert all(chart.attributes["role"] == "img" and chart.attributes["aria-label"] for chart in charts(article))
        assert article.every("details", "definition")
        table = " ".join(found.text for details in article.every("details", "data") for found in details.every("table"))
        in_table = set(NUMBER.findall(table))
        for chart in charts(article):
            written = [text.text for kind in ("ending", "value", "mark") for text in chart.every("text", kind)]
            assert set(NUMBER.findall(" ".join(written))) <= in_table | marked_names(chart), article.attributes["id"]


def marked_names(chart: Element) -> set[str]:
    """Return the figures that only name a place: 'best 20%' writes the table's row, not its cell."""
    return {found for text in chart.every("text", "mark") for found in re.findall(r"best (\d+%)", text.text)}


def test_a_bar_says_its_figures_to_a_pointer_as_the_table_does() -> None:
    article = figure(parse(html(sample.like_cdnow())), "lifecycle")
    table = article.every("table")[0].text
    for hint in charts(article)[0].every("title"):
        month, figures = hint.text.split(": ")
        assert month in table
        assert set(NUMBER.findall(figures)) <= set(NUMBER.findall(table))


def test_the_headline_is_the_reports_sentence_and_its_interval_in_words() -> None:
    page = parse(html(sample.like_cdnow()))
    assert page.every("h1")[0].text == "244 of 1,000 first buyers came back within eight weeks"
    assert "between 22.7% and 26.2%, with 95% confidence" in page.every("p", "lede")[0].text
    assert [card.every("h2")[0].text for card in page.every("li", "card")] == [
        "Net revenue", "Customers", "Repeat rate", "Orders per customer", "Average order",
    ]  # fmt: skip
    assert all(card.every("details", "definition") for card in page.every("li", "card"))


def test_the_three_retention_figures_stand_side_by_side_with_definition_and_interval() -> None:
    windows = figure(parse(html(sample.like_cdnow())), "windows").every("li", "window")
    assert [window.every("h4")[0].text for window in windows] == [
        "In week eight exactly", "Within eight weeks", "Eight weeks on, or later",
    ]  # fmt: skip
    assert [window.every("p", "window-figure")[0].text for window in windows] == ["3.7%", "24.4%", "40.4%"]
    for window in windows:
        assert window.every("p", "window-interval")[0].text.startswith("95% interval: ")
        assert window.every("p", "window-definition")[0].text.startswith("Ordered again on day")
        assert "after the first order count" in window.every("svg", "strip")[0].attributes["aria-label"]


def test_an_unfinished_period_is_told_by_words_and_hatching_and_not_by_colour_alone() -> None:
    heat = figure(parse(html(sample.like_cdnow())), "cohorts").every("table", "heat-map")[0]
    unfinished = heat.every("td", "unfinished")
    assert len(unfinished) == 3
    assert all(cell.text.endswith("so far") and "has not ended" in cell.attributes["title"] for cell in unfinished)
    assert not any(name.startswith("heat-") for cell in unfinished for name in cell.classes)


def test_the_average_of_the_cohorts_leaves_unfinished_periods_out() -> None:
    report = sample.like_cdnow()
    report["cohorts"]["rows"] = [
        {"cohort": "2024-01", "customers": 100, "active": [100, 30, 10], "complete": [True, True, True]},
        {"cohort": "2024-02", "customers": 100, "active": [100, 10, 90], "complete": [True, True, False]},
    ]
    heat = figure(parse(html(report)), "cohorts").every("table", "heat-map")[0]
    assert heat.every("tfoot")[0].text == "Average 20.0 10.0"


def test_the_segments_lie_on_the_grid_without_gap_or_overlap() -> None:
    tiles = figure(parse(html(sample.like_cdnow())), "rfm").every("div", "tile")
    cells = []
    for tile in tiles:
        spans = [re.fullmatch(r"[cr](\d)-(\d)", name) for name in sorted(tile.classes)]
        left, right, top, foot = (int(edge) for span in spans if span for edge in span.groups())
        cells += [(column, row) for column in range(left, right) for row in range(top, foot)]
    assert sorted(cells) == [(column, row) for column in range(1, 6) for row in range(1, 6)]


def test_an_abstaining_model_gives_its_reasons_and_no_forecast() -> None:
    page = parse(html(sample.abstaining()))
    expectation = figure(page, "expectation")
    assert "61 customers have ordered twice or more; the model asks for 100." in expectation.text
    assert not expectation.every("svg")
    assert "is-empty" in figure(page, "backtest").classes


def test_the_back_test_says_what_was_hidden_predicted_and_came() -> None:
    article = figure(parse(html(sample.like_cdnow())), "backtest")
    assert article.every("h3")[0].text == "We hid the last 39 weeks: predicted 1,653 orders, came 1,882"
    assert "12.1% too low" in article.text
    assert "what came lies inside it" in article.text


def test_a_back_test_that_missed_its_interval_says_so() -> None:
    report = sample.like_cdnow()
    report["value_model"]["backtest"]["high"] = 1700
    assert "what came lies outside it" in figure(parse(html(report)), "backtest").text


def test_a_benchmark_of_another_definition_is_called_not_comparable() -> None:
    article = figure(parse(html(sample.like_cdnow())), "benchmarks")
    assert article.every("p", "badge")[0].text == "Not comparable"
    assert "app events and not orders" in article.every("p", "caveat")[0].text


def test_a_locale_changes_the_figures() -> None:
    page = parse(html(sample.like_cdnow(), locale="de"))
    assert "24,4" in figure(page, "windows").text
    assert "912,40" in figure(page, "late").text


def test_an_unknown_locale_is_answered_with_what_to_write_instead() -> None:
    with pytest.raises(ValueError, match="use one such as en"):
        html(sample.like_cdnow(), locale="klingon-qo")


def test_the_footer_names_day_zone_currency_and_version() -> None:
    footer = parse(html(sample.like_cdnow())).every("footer")[0].text
    for said in ("As of Jun 30, 1998", "Time zone UTC", "Currency USD", "Lake version 7"):
        assert said in footer
