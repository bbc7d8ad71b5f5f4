"""Whatever a mapping file says, it either works or is refused in a sentence that names the file."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.sources.files.trial import Outcome, Refused, stage_path

DATA = "nr;wer;wann;betrag;art\n1;ann;03.01.2024;12,50;sale\n2;bo;04.01.2024;3,00;return\n"
WORKS = """
[columns]
order_id = "nr"
customer_id = "wer"
ordered_at = "wann"
total = "betrag"
currency = { constant = "EUR" }
"""


def stage_with(mapping: str) -> Outcome | Refused:
    """Stage DATA through a mapping file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.csv"
        path.write_text(DATA)
        told = Path(folder) / "map.toml"
        told.write_text(mapping)
        return stage_path(path, map=told)


def test_a_small_mapping_reads_german_columns() -> None:
    outcome = stage_with(WORKS)
    assert not isinstance(outcome, Refused), outcome
    assert [(row["order_id"], row["customer_ref"], str(row["total"])) for row in outcome.rows] == [
        ("1", "ann", "12.5000"),
        ("2", "bo", "3.0000"),
    ]
    assert {row["currency"] for row in outcome.rows} == {"EUR"}


MISTAKES = {
    "no TOML": ("columns = {", "map.toml"),
    "an unknown section": (WORKS + "\n[colums]\nx = 1\n", "columns"),
    "an unknown field": (WORKS + 'totl = "betrag"\n', "total"),
    "an unknown column": (WORKS.replace('"betrag"', '"betrug"'), "betrug"),
    "a position outside": (WORKS.replace('"betrag"', "9"), "9"),
    "position nought": (WORKS.replace('"betrag"', "0"), "0"),
    "a number that is none": (WORKS + '[rows]\nrefund = { column = "betrag", less_than = "x" }\n', "less_than"),
    "a pattern that is none": (WORKS + '[rows]\nskip = { column = "art", matches = "(" }\n', "matches"),
    "two tests": (WORKS + '[rows]\nskip = { column = "art", equals = "a", in = ["b"] }\n', "skip"),
    "a test that is none": (WORKS + '[rows]\nskip = { column = "art", equal = "a" }\n', "equals"),
    "a file that is not there": (WORKS + '[[join]]\nfile = "x.csv"\nleft = "nr"\nright = "nr"\n', "x.csv"),
    "a join without a key": (WORKS + '[[join]]\nfile = "sales.csv"\nleft = "nr"\n', "right"),
    "a date pattern that is none": ('[file]\ndates = "%Q"\n' + WORKS, "%Q"),
    "a date pattern with a quote": ('[file]\ndates = "%d\'%m"\n' + WORKS, "is no date"),
    "a zone that is none": ('[file]\ntimezone = "Berlin"\n' + WORKS, "Berlin"),
    "an encoding that is none": ('[file]\nencoding = "utf-7000"\n' + WORKS, "utf-7000"),
    "a delimiter that is none": ('[file]\ndelimiter = "ab"\n' + WORKS, "ab"),
    "a decimal mark that is none": ('[file]\ndecimal = "x"\n' + WORKS, "x"),
    "a currency that is none": (WORKS.replace("EUR", "Euros"), "uros"),
    "no date": (WORKS.replace("ordered_at", "updated_at"), "ordered_at"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_with_a_sentence_that_names_it(mistake: str) -> None:
    mapping, named = MISTAKES[mistake]
    outcome = stage_with(mapping)
    told = outcome.sentence if isinstance(outcome, Refused) else " ".join(f"{row['reason']}" for row in outcome.rows)
    assert named.lower() in told.lower()


def test_a_mapping_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(DATA)
    outcome = stage_path(path, map=tmp_path / "none.toml")
    assert isinstance(outcome, Refused)
    assert "none.toml" in outcome.sentence


NAMES = st.sampled_from([
    "nr", "wer", "wann", "betrag", "art", "x", "total", "order_id", "column", "columns", "constant", "join", "in", "equals",
    "matches", "less_than", "not_empty", "starts_with", "file", "left", "right", "take", "lines", "sum", "skip", "refund",
    "delimiter", "header", "dates", "sales.csv", "", "'", "(", "%d", "5", ";",
])  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    NAMES | st.integers(-1, 9) | st.booleans() | st.just(2.5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
COLUMN_NAMES = st.sampled_from(
    ["order_id", "customer_id", "ordered_at", "total", "amount", "quantity", "unit_price", "currency"]
)
COLUMNS = st.dictionaries(COLUMN_NAMES, NAMES | VALUES, max_size=4).map(
    lambda more: {"order_id": "nr", "ordered_at": "wann", "total": "betrag"} | more
)
MAPPINGS = st.fixed_dictionaries(
    {"columns": COLUMNS | VALUES},
    optional={
        "rows": st.dictionaries(st.sampled_from(["skip", "refund", "cancelled", "test", "x"]), VALUES, max_size=2)
        | VALUES,
        "file": st.dictionaries(
            st.sampled_from(["delimiter", "header", "dates", "encoding", "decimal"]), VALUES, max_size=2
        ),
        "join": st.lists(VALUES, max_size=2) | VALUES,
        "grain": st.sampled_from(["order", "line", "moment"]) | VALUES,
        "name": VALUES,
    },
)


def toml(value: Any) -> str:
    """Return a value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    return json.dumps(value)


@settings(max_examples=80, deadline=None)
@given(MAPPINGS)
def test_any_mapping_works_or_is_refused_in_a_sentence(told: dict[str, Any]) -> None:
    outcome = stage_with("\n".join(f"{name} = {toml(value)}" for name, value in told.items()))
    if isinstance(outcome, Refused):
        assert len(outcome.sentence) > 15
    else:
        assert outcome.n_rows == len(outcome.rows)
