"""A mail that is made among many is byte for byte the one that is made alone, in the plain way."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, strategies as st

from regulars.messaging.channels.mails.mime import assemble
from regulars.messaging.letters import Letter
from regulars.messaging.templates import SAMPLE_THEME, Compiled, Rendered, compile as compiled, starters
from regulars.messaging.templates.language.programs import Program
from regulars.messaging.templates.language.straight import Straight, one_by_one
from regulars.messaging.templates.markup.anchors import Pieces
from regulars.messaging.tracking import Links
from tests.messaging.making.cast import NOW, mail

BASE = "https://mail.shop.example"
WAYS = {"unsubscribe_url": f"{BASE}/u/1~email~~2.x", "preferences_url": f"{BASE}/p/1~a?b=1&c=2"}
NAMES = (
    "Ann", "", "Gül Ünlü", "Ελένη", "<b>Bo</b> & 'Co'", '"><a href="https://evil.example">', "a=b=3D", ".", " x ", "\n.\nDov",
    "Bo\r\nBcc: all@shop.example", "\x01", "€" * 90, "ab " * 200, "https://tea.example/?a=1&b=2.", "{{ 7 }}", "</body>", "=" * 76,
)  # fmt: skip
LOCALES = ("en", "de-AT", "fr-FR", "el", "")
TEAS = [{"name": "Sencha", "slug": "s?a=1&b=2"}, {"name": "Größe =", "slug": "../x"}, {"name": ".", "slug": ""}]
PAGES = (
    "Hi {{ name }}.<br/>{% for one in teas %}<a href='https://tea.example/{{ one.slug }}'>{{ one.name }}</a>\n. {% endfor %}",
    "{% unless name == 'Ann' %}<a href=\"https://a.example/{{ name }}\">{{ name }}</a>{% endunless %} {{ name }}",
    "<a href=\"{% if name %}https://b.example/{{ name }}{% else %}{{ url }}{% endif %}\">{{ name | upcase }}</a>{{ name }} ",
    "{% capture x %}<a href='https://c.example'>{{ name }}</a>{% endcapture %}{{ x }}{% for one in teas %}{{ forloop.index }}{% endfor %}",
    "{% assign teas = mine %}{% for one in teas %}{{ one }}, {% endfor %}{{ teas | join: ' = ' }}",
)  # fmt: skip


def plainly(template: Compiled) -> Compiled:
    """Return a template whose nodes are written one by one."""

    def by_nodes(program: Program | None) -> Program | None:
        if program is None:
            return None
        other = Program(program.where, program.template, program.weight)
        other.__dict__["_straight"] = Straight(partial(one_by_one, other.template.nodes))
        return other

    parts = {
        locale: replace(part, subject=by_nodes(part.subject), text=by_nodes(part.text), html=by_nodes(part.html))
        for locale, part in template.parts.items()
    }
    return replace(template, parts=parts)


def content(page: str | Pieces, words: Rendered, *, is_tracked: bool) -> bytes:
    """Return the mail of these words, its links led through us."""
    text, key = words.text, "5f" * 16
    if is_tracked:
        page, text = Links(BASE).tracked(page, text, key, has_pixel=True)
    return assemble(
        Letter(
            key=key, channel="email", is_marketing=is_tracked, to="ann@shop.example", to_name="Ann", sender="hello@store.example",
            subject=words.subject, text=text, html=page, created_at=NOW,
        )
    ).content  # fmt: skip


def assert_alike(template: Compiled, shared: dict[str, Any], each: list[dict[str, Any]], locale: str = "en") -> None:
    desk, plain = template.desk(shared), plainly(template)
    for data in each:
        there, alone = desk.render(data, locale), plain.render({**shared, **data}, locale)
        assert isinstance(there.page, Pieces)
        assert there.html == alone.html
        for is_tracked in (True, False):
            found = content(there.page, there, is_tracked=is_tracked)
            assert found == content(str(alone.html), alone, is_tracked=is_tracked)


@pytest.mark.parametrize("name", [name for name, one in starters().items() if one.document.channel == "email"])
def test_every_starter_in_any_language_to_anybody(name: str) -> None:
    starter = starters()[name]
    template = compiled(starter.document, SAMPLE_THEME)
    own = starter.sample.get("customer", {})
    people = [{**own, "first_name": one, "last_name": one, "name": f"{one} {one}".strip()} for one in NAMES]
    for locale in LOCALES:
        each = [{**starter.sample, **WAYS, "customer": one} for one in people]
        assert_alike(template, {"currency": "EUR", "today": NOW.date()}, each, locale)


@pytest.mark.parametrize("source", PAGES)
def test_what_a_template_may_do_with_what_is_shared_and_what_is_not(source: str) -> None:
    template = compiled(mail(source), SAMPLE_THEME)
    each = [{"name": one, "url": one, "teas": TEAS, "mine": [one, one]} for one in NAMES]
    assert_alike(template, {"currency": "EUR", "today": NOW.date()}, each)


_TEMPLATE = compiled(mail("".join(PAGES[:3])), SAMPLE_THEME)


@given(texts=st.lists(st.text(max_size=120) | st.text(alphabet="a =.\n€é\t<&", max_size=200), min_size=3, max_size=5))
def test_any_text_in_the_data(texts: list[str]) -> None:
    shared = [{"name": one, "slug": one} for one in texts]
    each = [{"name": one, "url": one, "teas": shared} for one in texts]
    assert_alike(_TEMPLATE, {"currency": "EUR", "today": NOW.date()}, each)


def test_who_brings_another_list_gets_another_list() -> None:
    template = compiled(mail("{% for one in teas %}{{ one }};{% endfor %}"), SAMPLE_THEME)
    desk = template.desk({"currency": "EUR", "today": NOW.date()})
    same = ["a", "b"]
    said = [desk.render({"teas": teas}).text for teas in (same, same, ["c"], same, ["a", "b", "d"])]
    assert [one.split("\n")[2] for one in said] == ["a;b;", "a;b;", "c;", "a;b;", "a;b;d;"]
