"""Whatever a report lacks or gets wrong, the page stands, and whatever its texts hold, they stay texts."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from regulars.measurement.page import html
from tests.measurement.page import sample
from tests.measurement.page.parsed import parse

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(([], {}, [None], [{}], {"rows": [{}]})).map(deepcopy),
)
ARTICLES = 15  # figures on a page, whatever they have to show


def test_a_report_without_orders_says_so_and_what_to_do() -> None:
    page = parse(html(sample.empty()))
    assert page.every("h1")[0].text == "No orders yet"
    assert "regulars import orders FILE" in page.every("p", "lede")[0].text


def test_every_figure_of_a_report_without_orders_says_why_it_is_empty() -> None:
    for report in (sample.empty(), {}):
        for article in parse(html(report)).every("article"):
            assert article.attributes["id"] in {"expectation", "quality"} or article.every("p", "empty")[0].text
            assert not article.every("svg")


@pytest.mark.parametrize("key", sorted(sample.like_cdnow()))
@pytest.mark.parametrize("broken", [None, "x", [{}], {"rows": [{}]}], ids=repr)
def test_a_missing_or_broken_block_leaves_the_rest_of_the_page(key: str, broken: Any) -> None:
    page = parse(html(sample.like_cdnow() | {key: broken}))
    assert len(page.every("article")) == ARTICLES


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_junk_anywhere_in_a_report_never_breaks_the_page(data: st.DataObject) -> None:
    report = deepcopy(sample.like_cdnow())
    for _ in range(data.draw(st.integers(1, 4))):
        place: Any = report
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            inside = place[key]
            if not isinstance(inside, dict | list) or not inside or data.draw(st.integers(0, 4)) == 0:
                place[key] = data.draw(JUNK)
                break
            place = inside
    parse(html(report))


def test_hostile_texts_stay_texts() -> None:
    page = html(sample.hostile())
    assert sample.HOSTILE not in page
    assert "<script" not in page
    assert "<img" not in page
    assert sample.HOSTILE in parse(page).every("h1")[0].text


def test_a_hostile_segment_and_customer_are_shown_as_written() -> None:
    report = sample.like_cdnow()
    report["rfm"][0]["segment"] = "Champions"
    report["rfm"].append({"segment": sample.HOSTILE, "customers": 5, "revenue": "10.00"})
    report["customers_late"][0]["customer_id"] = sample.HOSTILE
    articles = {article.attributes["id"]: article.text for article in parse(html(report)).every("article")}
    assert sample.HOSTILE in articles["rfm"]
    assert sample.HOSTILE in articles["late"]
