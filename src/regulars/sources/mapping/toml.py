"""Mapping files: TOML in, a Mapping out; every mistake is a sentence that names the file and the key."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping as MappingOf
from decimal import Decimal
from pathlib import Path
from typing import Any

from regulars.sources.files.options import CannotRead
from regulars.sources.mapping.fields import TARGETS
from regulars.sources.mapping.model import CONDITIONS, GRAINS, TESTS, Condition, Hints, Join, Mapping, Source

SECTIONS = ("file", "columns", "rows", "join", "grain", "name")
JOIN_KEYS = ("name", "file", "left", "right", "take")
RENAMED = {"customer_id": "customer_ref"}  # people write the shop's word


def load(path: Path, target: str, data_file: Path) -> Mapping:
    """Read a mapping file for one kind of import; raise CannotRead with a sentence."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CannotRead(f"{path.name} is not a readable TOML file: {problem}") from None
    _only(told, SECTIONS, path.name)
    columns = {
        RENAMED.get(name, name): _source(value, f"{path.name}: columns.{name}")
        for name, value in _section(told, "columns", path.name).items()
    }
    _only(columns, TARGETS[target], f"{path.name}: [columns]")
    rows = {
        kind: _conditions(value, f"{path.name}: rows.{kind}")
        for kind, value in _section(told, "rows", path.name).items()
    }
    _only(rows, CONDITIONS, f"{path.name}: [rows]")
    entries = told.get("join", [])
    if not isinstance(entries, list):
        raise CannotRead(f"{path.name}: write each join as a table of its own, [[join]]")
    joins = tuple(_join(entry, path, data_file) for entry in entries)
    mapping = Mapping(str(told.get("name", path.name)), "order", columns, rows, joins, _hints(told, path.name))
    return _with_grain(mapping, target, told.get("grain"), path.name)


def _with_grain(mapping: Mapping, target: str, told: Any, name: str) -> Mapping:
    given = set(mapping.columns)
    for field, spec in TARGETS[target].items():
        if spec.required and field not in given:
            raise CannotRead(f"{name}: [columns] lacks {field}")
    if target == "orders" and not given & {"total", "amount", "unit_price"}:
        raise CannotRead(f"{name}: [columns] lacks total, or amount or unit_price for lines")
    if told is not None and told not in GRAINS:
        raise CannotRead(f"{name}: grain is '{told}'; write {', '.join(GRAINS)}")
    grain = "order"
    if target == "orders":
        has_lines = bool(given & {"amount", "unit_price"}) or any(join.take == "lines" for join in mapping.joins)
        grain = told or ("moment" if "order_id" not in given else "line" if has_lines else "order")
    if grain != "moment" and target == "orders" and "order_id" not in given:
        raise CannotRead(f"{name}: grain '{grain}' needs order_id in [columns]")
    return Mapping(mapping.name, grain, mapping.columns, mapping.rows, mapping.joins, mapping.hints)


def _section(told: MappingOf[str, Any], name: str, file: str) -> MappingOf[str, Any]:
    section = told.get(name, {})
    if not isinstance(section, dict):
        raise CannotRead(f"{file}: {name} must be a section, [{name}]")
    return section


def _source(value: Any, where: str) -> Source:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return Source((value,))
    if isinstance(value, dict):
        _only(value, ("constant", "column", "columns", "join", "empty"), where)
        if "constant" in value:
            return Source(constant=str(value["constant"]))
        if isinstance(value.get("columns"), list) and value["columns"]:
            return Source(tuple(value["columns"]), str(value.get("join", " ")))
    raise CannotRead(f'{where}: write a column\'s name or position, {{constant = "…"}} or {{columns = ["…", "…"]}}')


def _conditions(value: Any, where: str) -> tuple[Condition, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise CannotRead(f"{where} = [] says nothing; leave it out")
    return tuple(_condition(item, where) for item in listed)


def _condition(value: Any, where: str) -> Condition:
    if not isinstance(value, dict) or "column" not in value:
        raise CannotRead(f'{where}: write {{column = "…", in = ["…"]}}; tests are {", ".join(TESTS)}')
    _only(value, ("column", *TESTS), where)
    tests = [name for name in TESTS if name in value]
    if len(tests) != 1:
        raise CannotRead(f"{where}: give exactly one test of {', '.join(TESTS)}")
    wanted = value[tests[0]]
    values = tuple(str(item) for item in wanted) if isinstance(wanted, list) else (str(wanted),)
    if not values:
        raise CannotRead(f"{where}: {tests[0]} = [] is true of no row; name at least one value")
    _check(tests[0], values, where)
    return Condition(value["column"], tests[0], values)


def _check(test: str, values: tuple[str, ...], where: str) -> None:
    """Refuse a number that is none and a pattern that cannot be one, before any row is read."""
    try:
        if test == "less_than":
            Decimal(values[0]).quantize(Decimal("0.0001"))
        if test == "matches":
            re.compile("|".join(values))
    except (ArithmeticError, re.error):
        kind = "a number" if test == "less_than" else "a pattern (regular expression)"
        raise CannotRead(f"{where}: {test} = {values[0]!r} is not {kind}") from None


def _join(entry: Any, path: Path, data_file: Path) -> Join:
    where = f"{path.name}: [[join]]"
    if not isinstance(entry, dict):
        raise CannotRead(f"{where} must be a table")
    _only(entry, JOIN_KEYS, where)
    for key in ("file", "left", "right"):
        if key not in entry:
            raise CannotRead(f"{where} lacks {key}")
    take = entry.get("take", "one")
    if take not in ("one", "lines", "sum"):
        raise CannotRead(f"{where}: take is '{take}'; write one, lines or sum")
    beside = [folder / str(entry["file"]) for folder in (path.parent, data_file.parent)]
    found = next((place for place in beside if place.is_file()), None)
    if found is None:
        raise CannotRead(f"{where}: there is no file {entry['file']} beside the mapping or the data")
    return Join(str(entry.get("name", found.stem)), found, entry["left"], entry["right"], take)


def _hints(told: MappingOf[str, Any], file: str) -> Hints:
    section = _section(told, "file", file)
    _only(section, ("delimiter", "encoding", "header", "decimal", "dates", "timezone"), f"{file}: [file]")
    header = section.get("header")
    if header is not None and not isinstance(header, bool):
        raise CannotRead(f"{file}: file.header is true or false")
    texts = {
        name: str(section[name])
        for name in ("delimiter", "encoding", "decimal", "dates", "timezone")
        if name in section
    }
    return Hints(header=header, **texts)


def _only(told: Iterable[str], known: Iterable[str], where: str) -> None:
    """Refuse a key that is not known, with the nearest one that is."""
    allowed = list(known)
    for key in told:
        if key not in allowed:
            near = difflib.get_close_matches(key, allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(allowed)}"
            raise CannotRead(f"{where}: '{key}' is not known; {hint}")
