"""Named SQL: each domain keeps its queries in queries/*.sql, every one with a name and a sentence that says what it asks."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

_NAME = re.compile(r"^-- name: *([a-z][a-z0-9_]*) *$", re.MULTILINE)


class BadQueryFile(ValueError):
    """A query file that does not keep the form; the message names the file."""


@cache
def load(package: str) -> Mapping[str, str]:
    """Return every named query of a package's queries folder, by name, comments included."""
    found: dict[str, str] = {}
    folder = resources.files(package) / "queries"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".sql"):
            for name, text in parse(entry.read_text(encoding="utf-8"), entry.name).items():
                if name in found:
                    raise BadQueryFile(f"{package}: query {name} stands twice")
                found[name] = text
    return MappingProxyType(found)


def parse(text: str, file_name: str) -> dict[str, str]:
    """Split a query file into its named queries.

    >>> parse("-- name: one\\n-- The number one.\\nSELECT 1;\\n", "x.sql")
    {'one': '-- The number one.\\nSELECT 1'}
    """
    pieces = _NAME.split(text)
    if pieces[0].strip():
        raise BadQueryFile(f"{file_name}: text before the first '-- name:'")
    found: dict[str, str] = {}
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        if name in found:
            raise BadQueryFile(f"{file_name}: query {name} stands twice")
        found[name] = body.strip().removesuffix(";").rstrip()
    return found
