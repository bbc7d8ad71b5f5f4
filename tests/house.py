"""Reads the project's own files for the tests that hold the house to its rules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "regulars"
SOURCE_FOLDERS = (PACKAGE, ROOT / "tests", ROOT / "bench")


@dataclass(frozen=True)
class Module:
    """One Python file with its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Name it as the reader of a failure finds it."""
        return str(self.path.relative_to(ROOT))

    @property
    def is_test(self) -> bool:
        return not self.path.is_relative_to(PACKAGE)

    @property
    def is_migration(self) -> bool:
        return self.path.parent.name == "migrations"

    @property
    def n_lines(self) -> int:
        return self.text.count("\n")


@cache
def modules() -> tuple[Module, ...]:
    """Return every Python file of the package, the tests and the benchmarks."""
    return tuple(_read(path) for folder in SOURCE_FOLDERS for path in sorted(folder.rglob("*.py")))


def package_modules() -> Iterator[Module]:
    """Yield the files of the package itself, migrations left out."""
    return (module for module in modules() if not module.is_test and not module.is_migration)


def definitions(module: Module, *kinds: type[ast.AST]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the functions or classes of a file, nested ones too."""
    for node in ast.walk(module.tree):
        if isinstance(node, kinds):
            assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            yield node  # type: ignore[misc]


def length(node: ast.FunctionDef | ast.ClassDef) -> int:
    """Count the lines of a definition, without its decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def refuse(problems: list[str]) -> None:
    """Fail with the problems as they are, a line each; an empty list is fine."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, str(path)))
