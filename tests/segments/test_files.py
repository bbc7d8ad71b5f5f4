"""Segments as files, and the command: what is wrong is told with its line; nothing of a rule gets into a statement."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.core.documents import yaml
from regulars.segments import api as segments, compiling
from regulars.segments.rules import reading
from tests.conftest import Command

GOOD = """\
name: tea-lovers
title: Tea lovers
rule:
  all:
    - field: orders
      at_least: 2
    - did: line
      where:
        - {field: category, is: Tea}
      within_days: 365
position:
  target: people who drink tea every day
interests: [tea, pots]
"""


def test_a_file_is_read_and_written_again_the_same() -> None:
    draft = segments.read_file(GOOD)
    assert (draft.name, draft.title, draft.interests) == ("tea-lovers", "Tea lovers", ["tea", "pots"])
    assert segments.read_file(segments.written(draft)) == draft


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("at_least: 2", "at_leest: 2"), "line 5: rule.all[1]: 'at_leest' does not go with a number; it can be compared by"),
        (("at_least: 2", "at_least: two"), "line 6: rule.all[1].at_least: a number must stand here, as 3 or 19.90"),
        (("orders", "ordres"), "line 5: rule.all[1].field: there is no field 'ordres'; did you mean 'orders'?"),
        (("did: line", "did: lines"), "line 7: rule.all[2].did: nobody does 'lines'; did you mean 'line'?"),
        (("category, is", "colour, is"), "line 9: rule.all[2].where[1]: line has no field 'colour'; did you mean 'country'?"),
        (("within_days: 365", "within_days: 0"), "line 10: rule.all[2].within_days: a whole number of days from 1 to 36,500"),
        (("within_days", "in_days"), "line 10: rule.all[2].in_days: nothing of this name belongs here; did you mean 'within_days'?"),
        (("rule:", "rules:"), "line 3: there is no part 'rules'; there are name, title, rule, position, interests"),
        (("    - field: orders\n      at_least: 2\n", "    - field: &x orders\n"), "line 5: anchors, aliases and tags are not read"),
        (("- did", "-- did"), "line 8: mapping values are not allowed here"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(wrong: tuple[str, str], told: str) -> None:
    with pytest.raises(segments.BadSegment) as problem:
        segments.read_file(GOOD.replace(*wrong))
    assert str(problem.value).startswith(told)


@pytest.mark.parametrize(
    "document",
    [
        None, [], "x", 3, {}, {"all": []} | {"any": []}, {"all": {}}, {"any": []}, {"not": None}, {"field": ["orders"]},
        {"field": "orders"}, {"field": "orders", "is": True}, {"field": "orders", "is": 10**16}, {"field": "country", "is": ""},
        {"field": "country", "one_of": []}, {"field": "last_order", "on": "2024-02-30"}, {"did": "order.placed"},
        {"did": "order", "times": {"at_least": 1}, "sum": {"of": "total", "is": 1}}, {"did": "order", "sum": {"of": "country", "is": 1}},
        {"did": "order", "then": {"did": "order"}}, {"did": "order", "after": "first_order"}, {"did": "custom:"},
        {"did": "order", "where": [{"property": "x", "is": "y"}]}, {"consent": "post", "is": "given"}, {"segment": ""},
        {"did": "order", "since": "2024-02-01", "until": "2024-01-01"}, {1: 2}, {"field": "orders", "between": [3, 1]},
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_a_sentence(document: Any) -> None:
    with pytest.raises(reading.BadRule):
        reading.read(document)


def test_a_rule_of_endless_depth_or_width_is_refused() -> None:
    deep: dict[str, Any] = {"field": "orders", "is": 1}
    for _ in range(2_000):
        deep = {"not": deep}
    with pytest.raises(reading.BadRule, match="12 deep"):
        reading.read(deep)
    with pytest.raises(reading.BadRule, match="at most 200 parts"):
        reading.read({"all": [{"field": "orders", "is": 1}] * 300})
    with pytest.raises(yaml.BadYaml):
        yaml.read("[" * 5_000)


def test_no_value_of_a_rule_is_written_into_the_statement() -> None:
    evil = "x'); DROP TABLE customers; --"
    rule = {
        "all": [
            {"field": "country", "is": evil},
            {"did": f"custom:{evil}", "where": [{"property": evil, "contains": evil}]},
            {"did": "line", "where": [{"field": "product", "one_of": [evil]}], "different": {"of": "product", "is": 1}},
            {"consent": "email", "topic": evil, "is": "given"},
        ]
    }
    found = compiling.compiled(reading.read(rule), lambda name: reading.read({"field": "orders", "is": 1}))
    questions = [found.members, *([found.turning] if found.turning else [])]
    assert all("DROP" not in one.sql for one in questions)
    assert list(found.members.parameters.values()).count(evil) >= 4


def test_a_user_adds_lists_shows_and_drops(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "tea.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert command("segments", "list").stdout.startswith("There is no segment yet")
    assert command("segments", "check", file).stdout == "Tea lovers: 0 of 0 customers.\n"
    added = command("segments", "add", file, "--json")
    assert json.loads(added.stdout)["segments"] == [{"name": "tea-lovers", "members": 0, "problem": ""}], added.stderr
    assert segments.read_file(command("segments", "show", "tea-lovers").stdout).title == "Tea lovers"
    ready = json.loads(command("segments", "ready", "--json").stdout)["segments"]
    assert len(ready) == len(segments.ready_made())
    assert command("segments", "members", "tea-lovers").stdout == "Nobody belongs to it.\n"
    assert command("segments", "drop", "tea-lovers").returncode == 0
    file.write_text(GOOD.replace("orders", "ordres"), encoding="utf-8")
    refused = command("segments", "add", file)
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "tea.yaml: line 5: rule.all[1].field: there is no field 'ordres'" in refused.stderr
