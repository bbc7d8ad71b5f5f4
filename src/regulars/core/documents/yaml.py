"""YAML 1.2 as plain mappings, lists, texts, numbers and truths, with the line of each part. No anchors, no tags, no surprises."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

LONGEST = 256 * 1024


class BadYaml(ValueError):
    """A text that is no plain YAML; the message is a sentence with the line."""


@dataclass(frozen=True)
class Document:
    """What a text says, and on which line each part stands, by its place: `steps[2].wait`, blank for the whole."""

    value: Any
    lines: Mapping[str, int]

    def line_of(self, place: str) -> int:
        """Return the line of a part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return self.lines.get(place, 1)


def read(text: str) -> Document:
    """Read a text; raise BadYaml.

    >>> found = read("all:\\n  - field: country\\n    is: NO\\n")
    >>> found.value, found.line_of("all[1].is")
    ({'all': [{'field': 'country', 'is': 'NO'}]}, 3)
    """
    if len(text) > LONGEST:
        raise BadYaml(f"the text is longer than {LONGEST // 1024} kB")
    try:
        yaml = YAML(typ="rt", pure=True)
        for token in yaml.scan(StringIO(text)):
            if isinstance(token, AliasToken | AnchorToken | TagToken):
                raise BadYaml(f"line {token.start_mark.line + 1}: anchors, aliases and tags are not read; write it out")
        value = yaml.load(StringIO(text))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise BadYaml(f"line {line}: {problem.problem or 'this is no YAML'}") from None
    except (YAMLError, RecursionError, ValueError) as problem:
        if isinstance(problem, BadYaml):
            raise
        raise BadYaml("this is no YAML that can be read") from None
    lines = {"": 1}
    return Document(_plain(value, "", lines), lines)


def _plain(value: Any, place: str, lines: dict[str, int]) -> Any:
    if isinstance(value, CommentedMap):
        for name in value:
            lines[f"{place}.{name}" if place else str(name)] = value.lc.key(name)[0] + 1
        return {str(name): _plain(one, f"{place}.{name}" if place else str(name), lines) for name, one in value.items()}
    if isinstance(value, CommentedSeq):
        for n in range(len(value)):
            lines[f"{place}[{n + 1}]"] = value.lc.item(n)[0] + 1
        return [_plain(one, f"{place}[{n + 1}]", lines) for n, one in enumerate(value)]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def write(value: Any) -> str:
    """Write plain mappings, lists and values as YAML, in their own order.

    >>> print(write({"all": [{"field": "orders", "at_least": 2}]}), end="")
    all:
      - field: orders
        at_least: 2
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 110
    into = StringIO()
    yaml.dump(_writable(value), into)
    return into.getvalue()


def _writable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _writable(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_writable(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value
