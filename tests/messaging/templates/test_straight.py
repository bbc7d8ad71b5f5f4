"""The one function of a program says what its nodes say, in the same number of steps."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given, strategies as st
from liquid import RenderContext

from regulars.messaging import templates
from regulars.messaging.templates import SAMPLE_THEME, Limits, Refused, starters
from regulars.messaging.templates.language.meter import Meter
from regulars.messaging.templates.language.programs import Program, View, read
from regulars.messaging.templates.language.straight import Straight, one_by_one, straight
from regulars.messaging.templates.language.values import plain
from tests.messaging.templates.attacks import BOMBS, ESCAPES
from tests.messaging.templates.test_attacks import COUNTS_ALONE, DATA, PLAIN

LEAVES = [
    "a", "ü<b>", "{{ a }}", "{{ b.c }}", "{{ b.c.size }}", "{{ rows.first.c }}", "{{ one }}", "{{ one.c | upcase }}", "{{ n | plus: 1 }}",
    "{{ 'x' | append: b.c }}", "{{ nothing | default: a }}", "{{ forloop.index }}", "{{ partial }}", "{{ rows }}", "{{ b['c'] }}",
    "{{ n | money }}", "{{ rows | join: a }}", "{{ nothing.at.all }}", "{{ b.c.d.e }}", "{{ n | plus }}", "{% break %}", "{% continue %}",
    "{% assign a = one.c %}", "{% assign b = n %}", "{% assign rows = b %}", "{{ a | append: '<' }}",
]  # fmt: skip
BLOCKS = [
    "{% if a and n > 3 or b.c == 'x' %}|{% elsif one.c %}{{ one }}{% else %}{{ n }}{% endif %}", "{% if nothing %}|{% endif %}",
    "{% if one.c == 'r1' %}|{% endif %}", "{% if n contains 3 or n > a %}|{% endif %}", "{% unless a %}|{% else %}{{ a }}{% endunless %}",
    "{% for one in rows %}|{% else %}none{% endfor %}", "{% for a in rows %}|{% endfor %}", "{% for one in b %}|{% endfor %}",
    "{% for one in (1..3) %}|{% endfor %}", "{% for b in a limit: 2 %}|{% endfor %}", "{% for one in rows offset: continue %}|{% endfor %}",
    "{% for one in nothing %}|{% else %}none{% endfor %}", "{% for one in rows reversed %}|{% endfor %}", "{% capture a %}|{% endcapture %}",
    "{% with a: n, one: b %}|{% endwith %}", "{% case n %}{% when 1, 5 %}|{% else %}other{% endcase %}", "{% comment %}|{% endcomment %}",
]  # fmt: skip
SOURCES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.lists(inner, max_size=5).map("".join) | st.builds(lambda one, within: one.replace("|", within), st.sampled_from(BLOCKS), inner),
    max_leaves=14,
)  # fmt: skip
VALUES: dict[str, Any] = {
    "a": "<i>A & B</i>", "b": {"c": "cc", "d": [1, 2]}, "n": 5, "rows": [{"c": "r1"}, {"c": None}, "text", [1, 2]], "currency": "EUR",
}  # fmt: skip


def outcome(program: Program, data: dict[str, Any], limits: Limits) -> tuple[object, ...]:
    """Return what is written or the refusal, with what was used up and which names led nowhere."""
    meter, missing = Meter(limits), set[str]()
    try:
        said: object = program.run(data, View(meter, "en", missing))
    except Refused as refusal:
        return type(refusal), str(refusal), missing
    return said, meter.steps, meter.made, meter.output, missing


def assert_same(source: str, data: dict[str, Any], limits: Limits = COUNTS_ALONE, *, is_html: bool) -> None:
    try:
        program, other = (read(source, "body", is_html=is_html) for _ in range(2))
    except Refused:
        return
    # A program keeps its function as any cached property does.
    other.__dict__["_straight"] = Straight(partial(one_by_one, other.template.nodes))
    assert outcome(program, data, limits) == outcome(other, data, limits)


@pytest.mark.parametrize("is_html", [True, False])
@given(
    source=SOURCES,
    a=st.sampled_from(["<i>A & B</i>", "", None, 7, "long " * 40]),
)
def test_any_template_says_the_same(source: str, a: object, is_html: bool) -> None:
    assert_same(source, plain(VALUES | {"a": a}), is_html=is_html)


@pytest.mark.parametrize("is_html", [True, False])
@pytest.mark.parametrize("leaf", LEAVES)
def test_every_piece_says_the_same_in_every_block(leaf: str, is_html: bool) -> None:
    for block in BLOCKS:
        assert_same(f"{block.replace('|', leaf)}-{{{{ a }}}}-{{{{ one }}}}", plain(VALUES), is_html=is_html)


@pytest.mark.parametrize("is_html", [True, False])
def test_attacks_and_bombs_end_the_same_way(is_html: bool) -> None:
    for source in ESCAPES:
        assert_same(source, plain(DATA), is_html=is_html)
    for source in BOMBS.values():
        assert_same(source, PLAIN, is_html=is_html)


@pytest.mark.parametrize(
    "limits", [Limits(steps=60, seconds=600), Limits(output=30, seconds=600), Limits(made=200, seconds=600)]
)
@given(source=SOURCES)
def test_little_room_ends_both_the_same_way(source: str, limits: Limits) -> None:
    assert_same(source, plain(VALUES), limits, is_html=True)


def test_every_starter_says_the_same() -> None:
    for name, starter in starters().items():
        for part in templates.compile(starter.document, SAMPLE_THEME).parts.values():
            for program in part.programs:
                nodes = program.template.nodes
                other = Program(program.where, program.template, program.weight)
                other.__dict__["_straight"] = Straight(partial(one_by_one, nodes))
                data = plain({**starter.sample, "theme": SAMPLE_THEME.data()})
                assert outcome(program, data, Limits()) == outcome(other, data, Limits()), name


@pytest.mark.parametrize("source", ["{% for a in rows %}" * 25 + "{% endfor %}" * 25, "{{ a }}" * 600])
def test_what_lies_too_deep_or_is_too_much_for_one_function_is_left_to_the_nodes(source: str) -> None:
    template = read(source, "body", is_html=False).template
    assert straight(template.nodes, RenderContext(template), is_html=False) is None
    assert_same(source, plain(VALUES), is_html=False)
