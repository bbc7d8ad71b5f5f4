"""A document becomes a subject, a text and HTML in the reader's language, and data stays data."""

import threading
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, strategies as st
from markupsafe import Markup

from regulars.messaging import templates
from regulars.messaging.templates import BadTemplate, Document, Refused, Theme, Variant
from tests.messaging.templates.cast import SHOP, mail, sms

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "<!--<script>-->",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "{{ 7 | times: 7 }}<b>",
    "{% if true %}<b>{% endif %}",
    "&lt;script&gt;<i>",
]


def written(source: str, data: Mapping[str, Any] | None = None, locale: str = "en") -> str:
    """Return what a text template writes."""
    return templates.compile(sms(source), SHOP).render(data or {}, locale).text


@pytest.mark.parametrize("name", XSS)
def test_a_name_that_is_markup_is_escaped_in_html_and_left_alone_in_text(name: str) -> None:
    source = "<mj-text><b title=\"{{ name }}\">{{ name }}</b>{{ name | append: '!' }}{{ name | upcase | downcase }}</mj-text>"
    document = mail(
        f"{source}<mj-button href='https://x.example/?n={{{{ name }}}}'>{{{{ name }}}}</mj-button>", "{{ name }}"
    )
    rendered = templates.compile(document, SHOP).render({"name": name})
    assert rendered.subject == name
    assert name in rendered.text
    for tag in ("<script", "<img src=x", "<svg", "<i>", "<!--<script"):
        assert tag not in rendered.html
    assert "49" not in rendered.subject


@given(st.text(max_size=200))
def test_no_text_in_the_data_opens_an_element(name: str) -> None:
    assert set(_SHOWN.render({"name": f"a{name}b"}).html.split("[")[1].split("]")[0]) & set("<>\"'") == set()


_SHOWN = templates.compile(mail("<mj-text>[{{ name | replace: '[', '' | replace: ']', '' }}]</mj-text>"), SHOP)


def test_a_text_marked_as_safe_elsewhere_is_escaped_all_the_same() -> None:
    rendered = templates.compile(mail("<mj-text>{{ name }}</mj-text>"), SHOP).render({"name": Markup("<u>Ann</u>")})
    assert "&lt;u&gt;Ann" in rendered.html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "file:///etc/passwd",
    ],
)
def test_an_address_in_the_data_that_runs_something_leads_nowhere(address: str) -> None:
    source = (
        "<mj-button href='{{ url }}'>a</mj-button><mj-text><a href='{% if url %}{{ url }}{% endif %}'>b</a></mj-text>"
    )
    rendered = templates.compile(mail(source + "<mj-image src='{{ url }}' alt='c' />"), SHOP).render({"url": address})
    assert address.strip() not in rendered.html
    assert address.strip() not in rendered.text


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\r\n ", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00"])
def test_a_subject_stays_one_line(ending: str) -> None:
    document = mail("<mj-text>x</mj-text>", "Hi {{ name }}")
    subject = templates.compile(document, SHOP).render({"name": f"Ann{ending}Bcc: all@example.com"}).subject
    assert subject.replace(" ", "") == "HiAnnBcc:all@example.com"
    assert len(subject.splitlines()) == 1


@given(st.text())
def test_no_data_breaks_a_subject_into_lines_or_makes_what_cannot_be_sent(name: str) -> None:
    subject = _SUBJECT.render({"name": name}).subject
    assert len(subject.splitlines()) <= 1
    assert subject.encode().decode() == subject


_SUBJECT = templates.compile(mail("<mj-text>x</mj-text>", "Hi {{ name }}"), SHOP)


def test_a_reader_gets_their_language_or_the_nearest() -> None:
    variants = {locale: Variant(f"{locale} {{{{ 1234.5 | money: 'EUR' }}}}") for locale in ("en", "de", "de-AT")}
    compiled = templates.compile(Document("test", "sms", "transactional", variants), SHOP)
    told = {wish: compiled.render({}, wish) for wish in ("de-AT", "de-CH", "de", "fr", "", "en-GB", "zz'; --")}
    assert {wish: one.locale for wish, one in told.items()} == {
        "de-AT": "de-AT", "de-CH": "de", "de": "de", "fr": "en", "": "en", "en-GB": "en", "zz'; --": "en",
    }  # fmt: skip
    assert told["de"].text == "de 1.234,50\u00a0€"
    assert told["de-CH"].text == "de EUR\u00a01’234.50"
    assert told["fr"].text == "en €1,234.50"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ total | money }}", "$12.50"),
        ("{{ total | money: 'JPY' }}", "¥12"),
        ("{{ nothing | money }}", ""),
        ("{{ 1234.5 | number }} {{ 1234.56 | number: 1 }} {{ 0.256 | percent }} {{ 0.256 | percent: 1 }}", "1,234 1,234.6 26% 25.6%"),
        ("{{ day | day }} {{ day | day: 'short' }} {{ 'soon' | day }}", "March 9, 2026 3/9/26 soon"),
        ("{{ day | date: '%d.%m.%Y %A %-d' }}", "09.03.2026 Monday 09"),
        ("{{ day | days_until }} {{ day | days_since }} {{ 'soon' | days_until }}", "8 -8 "),
        ("{{ 1 | plural: 'day', 'days' }} {{ 2 | plural: 'day', 'days' }}", "day days"),
        ("{{ name | default: 'you' }} {{ nobody | default: 'you' }} {{ false | default: 'x' }}", "Ann you x"),
        ("{{ false | default: 'x', allow_false: true }} {{ 0 | default: 'x' }}", "false 0"),
        ("{{ 'tea pot' | title }} {{ 'TEA' | downcase | capitalize }}", "Tea Pot Tea"),
        ("{{ 'abcdef' | truncate: 4 }} {{ 'a b c' | truncatewords: 2 }} {{ 'abc' | slice: -2, 2 }}", "abc… a b… bc"),
        ("{{ 'a,b,a' | split: ',' | uniq | reverse | join: '+' }}", "b+a"),
        ("{{ lines | map: 'name' | sort | join: ', ' }} {{ lines | sum: 'n' }}", "Pot, Tea 5"),
        ("{{ lines | where: 'name', 'Tea' | map: 'n' | first }} {{ lines.size }} {{ lines.last.name }}", "3 2 Pot"),
        ("{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }} {{ 0.1 | plus: 0.2 }} {{ 7 | modulo: 4 }}", "3 3.5 0.3 3"),
        ("{{ 2.5 | round }} {{ 2.345 | round: 2 }} {{ 2.1 | ceil }} {{ 2.9 | floor }} {{ -3 | abs }}", "3 2.35 3 2 3"),
        ("{{ 5 | at_most: 3 }} {{ 5 | at_least: 8 }} {{ 'x' | times: 2 }}", "3 8 0"),
        ("{{ ' a  b ' | strip }}|{{ ' a  b ' | squish }}|{{ '<b>a</b>' | strip_html }}", "a  b|a b|a"),
        ("{{ 'a&b c' | url_encode }} {{ 'aXbX' | replace_first: 'X', '-' }} {{ 'aXbX' | remove: 'X' }}", "a%26b+c a-bX ab"),
        ("{% for l in lines %}{{ forloop.index }}{{ l.name }}{% unless forloop.last %},{% endunless %}{% endfor %}", "1Tea,2Pot"),
        ("{% for pair in customer %}{{ pair[0] }}={{ pair[1] }};{% endfor %}", "a=1;b=2;"),
        ("{% for i in (1..5) reversed limit: 3 %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "31"),
        ("{% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.parentloop.index }}{% endfor %}{% endfor %}", "1122"),
        ("{% for x in nothing %}a{% else %}none{% endfor %}", "none"),
        ("{% case name %}{% when 'Bo' %}b{% when 'Ann', 'Cleo' %}a{% else %}c{% endcase %}", "a"),
        ("{% assign a = 2 | times: 3 %}{% capture b %}{{ a }}!{% endcapture %}{{ b | append: '?' }}", "6!?"),
        ("{% comment %} {{ name }} {% endcomment %}{% # a note %}x", "x"),
        ("{{ total }} {{ day }} {{ true }} {{ 1.50 }} {{ customer }}", "12.5 2026-03-09 true 1.5 "),
    ],
)  # fmt: skip
def test_what_the_language_says(source: str, told: str) -> None:
    data = {
        "name": "Ann", "currency": "USD", "total": Decimal("12.5"), "day": date(2026, 3, 9), "today": date(2026, 3, 1),
        "lines": [{"name": "Tea", "n": 3}, {"name": "Pot", "n": 2}], "customer": {"a": 1, "b": 2},
    }  # fmt: skip
    assert written(f"{source}|", data)[:-1] == told


def test_values_that_only_look_plain_become_plain() -> None:
    class Kind(StrEnum):
        TEA = "tea"

    class Count(int):
        def __str__(self) -> str:
            return "leak"

    assert written("{{ kind }} {{ n }} {{ nan }}.", {"kind": Kind.TEA, "n": Count(3), "nan": float("nan")}) == "tea 3 ."


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ 5 | money }}", "money needs a currency"),
        ("{{ '2026-01-01' | days_until }}", "put today into the data"),
        ("{% if 'a' < 1 %}{% endif %}", "not supported"),
        ("{{ 'a' | append: 'b', 'c', 'd' }}", "append"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(source: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        written(source)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("\n\n{{ a | }}", "line 3"),
        ("\n{% if a %}", r"line 2: \{% if %\} is never closed"),
        ("{% endif %}", "closes nothing"),
        ("{% if a %}{% endfor %}", "endif %} comes first"),
        ("\n\n\n{{ a | shout }}", "line 4: there is no filter 'shout'"),
        ("{% include 'x' %}", "unexpected tag"),
        ("\n{% render 'buttn' %}", "line 2: there is no block 'buttn'; did you mean 'button'"),
        ("{% render button %}", "in quotes"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(body: str, sentence: str) -> None:
    with pytest.raises(BadTemplate, match=sentence):
        templates.compile(sms(body), SHOP)


def test_a_block_of_the_documents_own_stands_before_the_shipped_one() -> None:
    blocks = {"hello": "Hi {{ name }}", "hello.de": "Hallo {{ name }}", "button": "own"}
    variants = {locale: Variant("{% render 'hello', name: 'Ann' %}/{% render 'button' %}") for locale in ("en", "de")}
    compiled = templates.compile(Document("test", "sms", "transactional", variants, blocks=blocks), SHOP)
    assert [compiled.render({}, locale).text for locale in ("en", "de")] == ["Hi Ann/own", "Hallo Ann/own"]


def test_a_block_is_rendered_for_each_of_a_list_and_sees_its_surroundings() -> None:
    document = Document(
        "test", "sms", "transactional", {"en": Variant("{% render 'row' for lines as line, sign: '-' %}")},
        blocks={"row": "{{ sign }}{{ line.name }}{{ end }}"},
    )  # fmt: skip
    rendered = templates.compile(document, SHOP).render({"lines": [{"name": "Tea"}, {"name": "Pot"}], "end": ";"})
    assert rendered.text == "-Tea;-Pot;"


@pytest.mark.parametrize(
    "wrong",
    [{"accent": "red;}"}, {"logo_url": "javascript:x"}, {"site_url": "http://x.example"}, {"font": 'x"><script>'}],
)
def test_a_theme_that_would_break_the_page_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadTemplate):
        Theme("Shop", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "fax"},
        {"message_class": "spam"},
        {"default_locale": "fr"},
        {"variants": {"en": Variant("x"), "x'y": Variant("y")}},
    ],
)
def test_a_document_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "name": "t",
        "channel": "sms",
        "message_class": "marketing",
        "variants": {"en": Variant("x")},
    }
    with pytest.raises(BadTemplate):
        Document(**{**right, **wrong})


def test_one_compiled_template_serves_many_threads() -> None:
    compiled = templates.compile(mail("<mj-text>{% for i in (1..50) %}{{ name }}{% endfor %}</mj-text>"), SHOP)
    told: dict[str, bool] = {}

    def work(name: str) -> None:
        told[name] = all(compiled.render({"name": name}).text.count(name) == 50 for _ in range(20))

    threads = [threading.Thread(target=work, args=(f"n{n}n",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {f"n{n}n": True for n in range(4)}
