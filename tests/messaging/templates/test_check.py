"""What the check finds, and that it finds nothing in what is shipped."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.messaging import templates
from regulars.messaging.templates import Document, Severity, Theme, Variant, starters
from tests.messaging.templates.cast import SHOP, column, mail, sms

FOOT = "{% render 'unsubscribe_footer' %}"
MARKETING: dict[str, Any] = {"unsubscribe_url": "https://shop.example/u/1", "name": "Ann", "bad": "javascript:alert(1)"}


def sentences(document: Document, theme: Theme = SHOP, sample: dict[str, Any] | None = None) -> str:
    """Return what is found, as lines."""
    found = templates.check(document, theme, MARKETING if sample is None else sample)
    return "\n".join(f"{one.severity} {one.where}: {one.sentence}" for one in found)


@pytest.mark.parametrize("name", starters())
def test_a_shipped_template_has_no_findings_in_any_language(name: str) -> None:
    starter = starters()[name]
    assert templates.check(starter.document, templates.SAMPLE_THEME, starter.sample) == []


@pytest.mark.parametrize("name", starters())
def test_a_shipped_template_stands_without_a_logo_and_without_a_name(name: str) -> None:
    starter = starters()[name]
    nameless = {**starter.sample, "customer": {}}
    compiled = templates.compile(starter.document, replace(templates.SAMPLE_THEME, logo_url=""))
    for locale in compiled.parts:
        rendered = compiled.render(nameless, locale)
        assert "Kessel & Kraut" in rendered.text
        assert ", !" not in rendered.text + rendered.subject
        assert "  " not in rendered.subject


def test_the_shipped_set_is_whole() -> None:
    assert set(starters()) >= {
        "thank_you", "thank_you_sms", "welcome", "newsletter", "replenish", "win_back", "review_request", "shipped",
        "out_for_delivery", "delivered", "delayed", "survey", "points",
    }  # fmt: skip
    assert all(
        {"en", "de"} <= starters()[name].document.variants.keys() for name in ("thank_you", "thank_you_sms", "welcome")
    )
    assert all(starter.purpose for starter in starters().values())


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        (
            "<mj-text>{{ nmae }}</mj-text>",
            "warning body (en), line 1: nmae is not in the data, so nothing stands there; did you mean name?",
        ),
        ("\n<mj-text>{% if 1 == 2 %}{{ order.x }}{% endif %}</mj-text>", "line 2: order.x is not in the data"),
        ("<mj-image src='https://x.example/a.png' />", "The picture https://x.example/a.png has no alt text"),
        ("<mj-text><a href='{{ bad }}'>here</a></mj-text>", "The link “here” leads nowhere"),
        ("<mj-text><a href='ftp://x.example'>there</a></mj-text>", "The link “there” leads to ftp://x.example"),
        ("<mj-text><a href='#'>up</a></mj-text>", "The link “up” leads nowhere"),
        ("<mj-text color='#999999'>pale</mj-text>", "“pale” is hard to read: its contrast is 2.8"),
        (
            "<mj-button background-color='#eeeeee' color='#ffffff' href='https://x.example'>b</mj-button>",
            "“b” is hard to read",
        ),
        ("<mj-text><script>x</script></mj-text>", "Mail programs drop <script>"),
        (f"<mj-text>{'long ' * 17_000}</mj-text>", "warning body (en): The mail has 9"),
        (f"<mj-text>{'long ' * 21_000}</mj-text>", "error body (en): The mail has 11"),
        (
            "<mj-text>{% for i in (1..100000) %}x{% endfor %}</mj-text>",
            "error (en): It cannot be written with this data",
        ),
        ("<mj-text>\n{{ name | }}</mj-text>", "error body (en), line 2: It cannot be read"),
        ("<mj-text>\n\n{% if a %}</mj-text>", "error body (en), line 3: It cannot be read: {% if %} is never closed"),
    ],
)
def test_what_is_wrong_in_a_mail_is_found(inner: str, sentence: str) -> None:
    assert sentence in sentences(mail(inner, message_class="marketing"))


def test_a_block_that_is_not_closed_is_found_where_it_is() -> None:
    document = replace(sms("{% render 'half' %}{% endif %}"), blocks={"half": "\n{% if a %}"})
    assert "block half, line 2" in sentences(document)


def test_a_good_mail_has_no_findings() -> None:
    assert sentences(mail("<mj-text>Hello {{ name }}</mj-text>", message_class="marketing")) == ""


def test_an_empty_subject_is_found() -> None:
    assert "The subject is empty" in sentences(mail("<mj-text>x</mj-text>", "{{ bad | slice: 0, 0 }}"))


def test_marketing_needs_a_way_out_and_an_address() -> None:
    silent = replace(mail("<mj-text>Buy!</mj-text>", message_class="marketing"), blocks={"foot": ""})
    assert "needs a link to unsubscribe" in sentences(silent)
    assert "must show the shop's postal address" in sentences(silent)
    assert "write the shop's into the theme" in sentences(silent, Theme("Shop"))
    assert sentences(replace(silent, message_class="transactional")) == ""


def test_marketing_whose_link_to_unsubscribe_leads_elsewhere_is_found() -> None:
    assert "needs a link to unsubscribe" in sentences(
        mail("<mj-text>Buy!</mj-text>", message_class="marketing"), sample={"unsubscribe_url": ""}
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a" * 460, "sent and paid as 4 messages"),
        ("Grüße ☕", "hint text (en): ☕ is not in the alphabet of SMS"),
        ("", "The message is empty"),
    ],
)
def test_what_is_wrong_in_an_sms_is_found(text: str, sentence: str) -> None:
    assert sentence in sentences(sms(text))


def test_a_marketing_sms_says_how_to_end_them() -> None:
    assert "must say how to end them" in sentences(sms("Buy!", "marketing"))
    assert sentences(sms("Buy! Reply STOP to end", "marketing")) == ""
    assert sentences(sms("Buy! {{ unsubscribe_url }}", "marketing")) == ""


def test_errors_come_first_and_each_language_is_looked_at() -> None:
    variants = {
        "en": Variant(column("<mj-text>{{ x }}</mj-text>"), ""),
        "de": Variant(column("<mj-text>y</mj-text>"), ""),
    }
    found = templates.check(Document("t", "email", "marketing", variants), SHOP, MARKETING)
    assert [one.severity for one in found] == sorted((one.severity for one in found), key=list(Severity).index)
    assert {"subject (en)", "subject (de)"} <= {one.where for one in found}
