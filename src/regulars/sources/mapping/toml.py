"""Mappings as people write them: a TOML file, or the same as a dictionary; a mistake is a sentence that names the key."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping as MappingOf
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from regulars.sources.files.options import CannotRead, Unsaid
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
    entries = told.pop("join", [])
    if not isinstance(entries, list):
        raise CannotRead(f"{path.name}: write each join as a table of its own, [[join]]")
    joins = tuple(_join(entry, path, data_file) for entry in entries)
    return replace(parsed(told, target, path.name), joins=joins)


def parsed(told: MappingOf[str, Any], target: str, name: str) -> Mapping:
    """Return the mapping that a dictionary tells, its grain blank where it tells none; it may still lack columns.

    Joins are not taken from here: they name files of this machine, and a browser has none to name.
    """
    _only(told, [section for section in SECTIONS if section != "join"], name)
    columns = {
        RENAMED.get(field, field): _source(value, f"{name}: columns.{field}")
        for field, value in _section(told, "columns", name).items()
    }
    _only(columns, TARGETS[target], f"{name}: [columns]")
    rows = {kind: _conditions(value, f"{name}: rows.{kind}") for kind, value in _section(told, "rows", name).items()}
    _only(rows, CONDITIONS, f"{name}: [rows]")
    grain = told.get("grain")
    if grain is not None and grain not in GRAINS:
        raise CannotRead(f"{name}: grain is '{grain}'; write {', '.join(GRAINS)}")
    return Mapping(str(told.get("name", name)), grain or "", columns, rows, (), _hints(told, name))


def completed(mapping: Mapping, target: str) -> Mapping:
    """Return a mapping with its grain; raise Unsaid when a column is missing that every such file must have."""
    given, name = set(mapping.columns), mapping.name
    missing = [field for field, spec in TARGETS[target].items() if spec.required and field not in given]
    if target == "orders" and not given & {"total", "amount", "unit_price"}:
        missing.append("total")
    if missing:
        hint = ", or amount or unit_price for lines" if "total" in missing else ""
        raise Unsaid(f"{name}: [columns] lacks {', '.join(missing)}{hint}", missing)
    grain = "order"
    if target == "orders":
        has_lines = bool(given & {"amount", "unit_price"}) or any(join.take == "lines" for join in mapping.joins)
        grain = mapping.grain or ("moment" if "order_id" not in given else "line" if has_lines else "order")
    if grain != "moment" and target == "orders" and "order_id" not in given:
        raise Unsaid(f"{name}: grain '{grain}' needs order_id in [columns]", ["order_id"])
    return replace(mapping, grain=grain)


def _section(told: MappingOf[str, Any], name: str, file: str) -> MappingOf[str, Any]:
    section = told.get(name, {})
    if not isinstance(section, dict):
        raise CannotRead(f"{file}: {name} must be a section, [{name}]")
    return section


def _source(value: Any, where: str) -> Source:
    if _is_column(value):
        return Source((value,))
    if isinstance(value, dict):
        _only(value, ("constant", "column", "columns", "join", "empty"), where)
        if "constant" in value:
            return Source(constant=str(value["constant"]))
        columns = value.get("columns") or [value.get("column")]
        empty = value.get("empty", [])
        if isinstance(columns, list) and isinstance(empty, list) and all(map(_is_column, columns)):
            return Source(tuple(columns), str(value.get("join", " ")), empty=tuple(map(str, empty)))
    raise CannotRead(f'{where}: write a column\'s name or position, {{constant = "…"}} or {{columns = ["…", "…"]}}')


def _is_column(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


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
