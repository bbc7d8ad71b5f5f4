"""Every comparison at its edges: just below, on and just above what is compared with, and of what is not known."""

from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from regulars.segments.rules import comparing
from regulars.segments.rules.comparing import OPERATORS, Kind
from tests.segments import world

TODAY = date(2024, 3, 1)  # the day after a leap day
SPAN = 30
DAYS = [TODAY + timedelta(days=n) for n in (-SPAN - 1, -SPAN, -SPAN + 1, -1, 0, 1, SPAN - 1, SPAN, SPAN + 1)]
ASKED: dict[Kind, tuple[str, list[Any], list[Any]]] = {
    Kind.NUMBER: ("DECIMAL(18, 4)", [5, [5, 7]], [None, 4, 5, 6, 7, 8]),
    Kind.DATE: ("DATE", [TODAY.isoformat(), [TODAY.isoformat(), "2024-03-02"], SPAN, 1], [None, date(2020, 2, 29), date(2023, 3, 31), *DAYS]),
    Kind.TEXT: ("VARCHAR", ["ab", ["ab", "zz"]], [None, "", "ab", "AB", "abc", "cab", "b", "zz"]),
    Kind.FLAG: ("BOOLEAN", [True, False], [None, True, False]),
    Kind.TAGS: ("VARCHAR[]", ["Tea"], [[], ["tea"], ["teapot"], ["vip", "tea"]]),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "op"), [(kind, op) for kind, known in OPERATORS.items() for op in known])
def test_a_comparison_holds_for_what_a_plain_one_holds_for(kind: Kind, op: str) -> None:
    type_name, wanted, values = ASKED[kind]
    con, tried = duckdb.connect(), 0
    for told in [True, False] if op == "known" else wanted:
        try:
            comparison = comparing.read(kind, op, told)
        except comparing.Unfit:
            continue  # a list where one value belongs, or the other way round
        tried += 1
        given: dict[str, Any] = {}

        def bind(value: Any, bound_type: str, given: dict[str, Any] = given) -> str:
            given[f"p{len(given)}"] = value
            return f"$p{len(given) - 1}::{bound_type}"

        text = comparison.sql("x", bind, "$today::DATE")
        given |= {"today": TODAY} if "$today" in text else {}
        found = [
            con.execute(f"SELECT {text} FROM (SELECT $value::{type_name} AS x)", {**given, "value": value}).fetchall()[
                0
            ][0]
            for value in values
        ]
        assert found == [world.compare(value, op, told, TODAY) for value in values], told
    assert tried
