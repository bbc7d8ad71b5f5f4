"""A template's page knows its links: the same ones that are found by looking through all of it."""

import pytest
from hypothesis import given, strategies as st

from regulars.messaging import templates
from regulars.messaging.returns import track_links
from regulars.messaging.templates import SAMPLE_THEME, starters
from regulars.messaging.templates.markup.anchors import MARK, Page
from tests.messaging.templates.cast import SHOP, mail

OURS = {"unsubscribe_url": "https://mail.example/u/1", "preferences_url": "https://mail.example/p/1"}
LINKS = """
<mj-text><a href="https://shop.example/{{ slug }}?a=1&amp;b={{ slug }}">{{ slug }}</a> <a href="{{ url }}" title="{{ slug }}">b</a>
<a href="{% if slug %}{{ url }}{% else %}https://c.example{% endif %}" rel="unsubscribe">c</a> <a name="{{ slug }}">d</a></mj-text>
<mj-raw><!--[if mso]><a href="https://outlook.example/{{ slug }}">e</a><![endif]--></mj-raw>
{% for one in teas %}<mj-text><a style="color:{{ theme.accent }}" href="https://shop.example/{{ one }}">f</a></mj-text>{% endfor %}
<mj-button href="{{ url }}">{{ slug }}</mj-button>
"""


def led(html: str) -> str:
    """Lead the links through us, as a sender does."""
    return track_links(
        html, "", lambda url: url, lambda url: f"https://mail.example/c/{url}", ["https://mail.example/"]
    )[0]


def assert_same(html: str) -> None:
    assert isinstance(html, Page)
    assert MARK not in html
    assert led(html) == led(str(html))


@pytest.mark.parametrize("name", [name for name, one in starters().items() if one.document.channel == "email"])
def test_every_starter_knows_its_links(name: str) -> None:
    starter = starters()[name]
    rendered = templates.compile(starter.document, SAMPLE_THEME).render({**starter.sample, **OURS})
    assert_same(rendered.html)


_PAGE = templates.compile(mail(LINKS), SHOP)
TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "<a href='https://evil.example'>",
        '" href="x',
        "{{ url }}",
        "-->",
        "<!--",
        "<style>",
        MARK,
        f"{MARK}https://x.example{MARK}",
    ]
)


@given(slug=TEXTS, url=TEXTS | st.just("https://tea.example/?a=1&b=2") | st.just(" http://tea.example/\u00fc "))
def test_data_adds_no_link_and_hides_none(slug: str, url: str) -> None:
    assert_same(_PAGE.render({"slug": slug, "url": url, "teas": [slug, url]}).html)


@pytest.mark.parametrize(
    "source",
    [
        "<mj-text><a href='https://a.example' rel='{{ a }}'>a</a></mj-text>",
        "<mj-text>{% capture a %}<a href='https://a.example'>a</a>{% endcapture %}{{ a }}</mj-text>",
    ],
)
def test_where_links_cannot_be_told_beforehand_the_page_is_looked_through(source: str) -> None:
    html = templates.compile(mail(source), SHOP).render({"a": "unsubscribe"}).html
    assert type(html) is str
    assert "https://a.example" in html
    assert MARK not in html
