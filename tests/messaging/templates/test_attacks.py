"""No template reaches an object, a file or the environment, and none runs away."""

import tracemalloc
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from regulars.messaging import templates
from regulars.messaging.templates import BadData, Document, Limits, Refused, Theme, TooMuch, Variant
from regulars.messaging.templates.language.meter import Meter
from regulars.messaging.templates.language.programs import View, read
from regulars.messaging.templates.language.values import plain
from tests.messaging.templates.attacks import BOMBS, ESCAPES

SECRET = "hush-7f3a91"
# What only somebody who got through would see.
TELLTALES = (
    SECRET, "LEAK", "<class", "&lt;class", "object at 0x", "<function", "<built-in", "builtin_function", "mappingproxy",
    "environ(", "root:x:", "uid=", "Traceback", "49", "7777777", "site-packages", "Decimal(", "datetime.date", "Undefined",
    "ForLoop", "PHP_", "'name'",
)  # fmt: skip
DATA: dict[str, Any] = {
    "customer": {"name": "Ann"},
    "lines": [{"name": "tea"}, {"name": "pot"}],
    "today": date(2026, 3, 1),
    "total": Decimal("12.50"),
}
HEAVY: dict[str, Any] = {
    "text": "ab cd\n" * 15_000,
    "twin": "".join(["ab cd\n"] * 15_000),
    "angles": "<" * 50_000,
    "pattern": "%d" * 50_000,
    "list": [f"item {n}" for n in range(5_000)],
    "tree": [[[n, str(n)] for n in range(100)] for _ in range(10)],
    "tree2": [[[n, str(n)] for n in range(100)] for _ in range(10)],
    "today": date(2026, 3, 1),
    "a": {"b": 1},
}
PLAIN = plain(HEAVY)  # by itself none of it is too much
# The clock is left out of it: the counts alone must end every one of them.
COUNTS_ALONE = Limits(seconds=600)


def outcome(source: str, data: dict[str, Any], *, is_html: bool, limits: Limits = COUNTS_ALONE) -> str | Refused:
    """Return what a template writes, or the refusal."""
    try:
        return read(source, "body", is_html=is_html).run(
            data if data is PLAIN else plain(data), View(Meter(limits), "en")
        )
    except Refused as refusal:
        return refusal


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(set(ESCAPES)) == len(ESCAPES)
    assert len(ESCAPES) + len(BOMBS) >= 300


@pytest.mark.parametrize("is_html", [True, False])
@pytest.mark.parametrize("source", ESCAPES)
def test_no_escape_gets_through(source: str, is_html: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", SECRET)
    found = outcome(source, DATA, is_html=is_html)
    if isinstance(found, str):
        assert [sign for sign in TELLTALES if sign in found and sign not in source] == []
    else:
        assert str(found)


@pytest.mark.parametrize("source", ESCAPES)
def test_no_escape_gets_through_in_a_mail(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", SECRET)
    body = f"<mj-section><mj-column><mj-text>{source}</mj-text></mj-column></mj-section>"
    document = Document("attack", "email", "transactional", {"en": Variant(body, source)})
    try:
        rendered = templates.compile(document, Theme("Shop")).render(DATA)
    except Refused as refusal:
        assert str(refusal)
        return
    for part in (rendered.subject, rendered.text):
        assert [sign for sign in TELLTALES if sign in part and sign not in source] == []


@pytest.mark.parametrize("is_html", [True, False])
@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_every_bomb_ends_by_counting_alone(source: str, is_html: bool) -> None:
    meter = Meter(COUNTS_ALONE)
    try:
        written = read(source, "body", is_html=is_html).run(PLAIN, View(meter, "en"))
    except Refused as refusal:
        assert "takes too long" not in str(refusal)
        return
    assert len(written.encode()) <= COUNTS_ALONE.output
    assert min(meter.steps, meter.made, meter.output) >= 0


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_no_bomb_takes_more_memory_than_a_message_may_have(source: str) -> None:
    tracemalloc.start()
    try:
        outcome(source, PLAIN, is_html=True, limits=Limits())
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name",
    [
        "range joined", "range searched", "range named and searched", "range given to a block", "loop over a range",
        "loop in a loop", "loops twenty deep", "doubling", "doubling by capture", "doubling by lists", "numbers multiplied",
        "loops of output", "many texts", "loops of sorts",
    ],
)  # fmt: skip
def test_these_bombs_are_refused_as_too_much(name: str) -> None:
    assert isinstance(outcome(BOMBS[name], PLAIN, is_html=False), TooMuch)


def test_a_case_runs_a_branch_once_however_often_it_fits() -> None:
    assert outcome("{% case 1 %}{% when 1, 1, 1 %}x{% endcase %}", {}, is_html=False) == "x"


def test_the_clock_ends_what_costs_more_than_it_was_counted_for() -> None:
    found = outcome("{% for i in (1..900) %}{{ i }}{% endfor %}", {}, is_html=False, limits=Limits(seconds=-1))
    assert isinstance(found, TooMuch)
    assert "takes too long" in str(found)


def test_blocks_that_multiply_are_refused_before_anything_is_translated() -> None:
    blocks = {f"b{n}": f"{{% render 'b{n + 1}' %}}" * 30 for n in range(7)} | {"b7": "x" * 1000}
    document = Document("bomb", "sms", "transactional", {"en": Variant("{% render 'b0' %}")}, blocks=blocks)
    with pytest.raises(Refused, match="longer than"):
        templates.compile(document, Theme("Shop"))


@pytest.mark.parametrize(
    "blocks",
    [{"a": "{% render 'a' %}"}, {"a": "{% render 'b' %}", "b": "{% render 'a' %}"}],
    ids=["itself", "one another"],
)
def test_a_block_does_not_contain_itself(blocks: dict[str, str]) -> None:
    document = Document("bomb", "sms", "transactional", {"en": Variant("{% render 'a' %}")}, blocks=blocks)
    with pytest.raises(Refused, match="contains itself"):
        templates.compile(document, Theme("Shop"))


class Shopkeeper:
    """Something with attributes."""

    key = SECRET


@pytest.mark.parametrize(
    "value", [Shopkeeper(), Shopkeeper, len, b"bytes", {1, 2}, 1j, lambda: SECRET, object(), range(3), 10**40]
)
def test_data_that_is_not_plain_is_refused_with_its_path(value: object) -> None:
    with pytest.raises(BadData, match=r"customer\.x"):
        plain({"customer": {"x": value}})


def test_data_deeper_or_larger_than_any_message_needs_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50):
        deep = {"a": deep}
    for data in (deep, {"a": list(range(30_000))}, {"a": "x" * 1_100_000}, {"a": [{} for _ in range(30_000)]}):
        with pytest.raises(TooMuch):
            plain(data)
