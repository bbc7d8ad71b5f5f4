"""The floor plan and the sizes of the house, each with a failure in plain English."""

import ast
import re
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.house import PACKAGE, ROOT, Module, definitions, length, modules, package_modules, refuse

# The ground that everybody stands on has no door.
GROUND = "core"
# Libraries for notebooks: what their __init__ offers is a door as well.
LIBRARIES = ("regulars.measurement", "regulars.predictions")
LAKE_ENGINES = ("duckdb", "deltalake")
# Reading a file is DuckDB's work too: these get a scratch connection from core.lake and name the engine's types and errors;
# doctor names the engines' versions.
MAY_NAME_THE_ENGINE = ("regulars.sources.files", "regulars.sources.mapping", "regulars.cli.health")
VAGUE = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "base_utils", "tools"}

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("regulars", include_external_packages=True, cache_dir=None)


def domain(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def below_root(module: str) -> str:
    return module.removeprefix("regulars.")


def is_through_a_door(importer: str, imported: str) -> bool:
    """Say whether this import stays at home or enters the other domain through its door."""
    house = domain(imported)
    if house in ("", domain(importer), GROUND):
        return True
    if imported == f"regulars.{house}":
        return imported in LIBRARIES or not (PACKAGE / house).is_dir()
    return imported == f"regulars.{house}.api"


def trespasses() -> list[str]:
    """List who reaches past a door, as sentences."""
    return [
        f"{below_root(importer)} reaches into {below_root(imported)}; go through {domain(imported)}.api"
        for importer in sorted(graph().modules)
        if importer.startswith("regulars.")
        for imported in sorted(graph().find_modules_directly_imported_by(importer))
        if imported.startswith("regulars.") and not is_through_a_door(importer, imported)
    ]


def test_a_domain_is_entered_only_through_its_door() -> None:
    refuse(trespasses())


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("regulars.loop", "regulars.events.api", True),
        ("regulars.loop", "regulars.events.models", False),
        ("regulars.cli.imports", "regulars.sources.imports.run", False),
        ("regulars.profiles.projection", "regulars.events.kinds.orders", False),
        ("regulars.profiles.projection", "regulars.profiles.models", True),
        ("regulars.profiles.projection", "regulars.core.money", True),
        ("regulars.cli.upkeep", "regulars.loop", True),
        ("regulars.cli.inquiry", "regulars.predictions", True),
    ],
)
def test_the_door_test_knows_a_door(importer: str, imported: str, allowed: bool) -> None:
    assert is_through_a_door(importer, imported) is allowed


def test_a_domain_asks_its_own_queries_only() -> None:
    foreign = [
        f"{module.name} loads the queries of {found}; go through {domain(found)}.api"
        for module in package_modules()
        for found in re.findall(r'sql\.load\("([\w.]+)"\)', module.text)
        if domain(found) != module.path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    ]
    refuse(foreign)


@pytest.mark.parametrize("engine", LAKE_ENGINES)
def test_only_the_lake_knows_its_engines(engine: str) -> None:
    outside = [
        f"{below_root(module)} imports {engine}; ask core.lake"
        for module in sorted(graph().find_modules_that_directly_import(engine))
        if not module.startswith(("regulars.core.lake", *MAY_NAME_THE_ENGINE))
    ]
    refuse(outside)


def test_rules_are_pure() -> None:
    impure = [
        f"{below_root(module)} is a rule, but imports {imported}"
        for module in sorted(graph().modules)
        if "rules" in module.split(".")
        for imported in sorted(graph().find_modules_directly_imported_by(module))
        if imported.split(".")[0] in ("django", *LAKE_ENGINES) or imported.endswith((".models", ".core.lake"))
    ]
    refuse(impure)


def limit(module: Module) -> int:
    return 500 if module.is_test else 400


def test_no_file_is_too_long() -> None:
    long = [
        f"{m.name} has {m.n_lines} lines; {limit(m)} is the most"
        for m in modules()
        if m.n_lines > limit(m) and not m.is_migration
    ]
    refuse(long)


def test_no_query_file_is_too_long() -> None:
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in PACKAGE.rglob("*.sql")}
    refuse(
        [f"{path.relative_to(ROOT)} has {size} lines; 150 is the most" for path, size in sizes.items() if size > 150]
    )


def test_no_function_is_too_long() -> None:
    long = [
        f"{module.name}:{node.lineno} {node.name} has {length(node)} lines; 50 is the most"
        for module in modules()
        if not module.is_migration
        for node in definitions(module, *Function)
        if length(node) > 50
    ]
    refuse(long)


def test_no_class_is_too_long() -> None:
    long = [
        f"{module.name}:{node.lineno} {node.name} has {length(node)} lines; 200 is the most"
        for module in modules()
        for node in definitions(module, ast.ClassDef)
        if length(node) > 200
    ]
    refuse(long)


def is_command(node: ast.FunctionDef) -> bool:
    """Say whether typer calls this function: its parameters are the command's options, and a class cannot hold them."""
    called = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(one, ast.Attribute) and one.attr in ("command", "callback") for one in called)


def n_parameters(node: ast.FunctionDef) -> int:
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def test_no_function_takes_more_than_five_parameters() -> None:
    crowded = [
        f"{module.name}:{node.lineno} {node.name} takes {n_parameters(node)} parameters; a dataclass is missing"
        for module in modules()
        for node in definitions(module, *Function)
        if n_parameters(node) > 5 and not is_command(node)  # type: ignore[arg-type]
    ]
    refuse(crowded)


def test_no_folder_is_crowded() -> None:
    folders: dict[Path, int] = {}
    for module in package_modules():
        if module.path.name != "__init__.py":
            folders[module.path.parent] = folders.get(module.path.parent, 0) + 1
    refuse([f"{folder.relative_to(ROOT)} has {n} files; 10 is the most" for folder, n in folders.items() if n > 10])


def test_no_name_is_vague() -> None:
    names = {path for path in PACKAGE.rglob("*") if path.suffix in ("", ".py")}
    refuse([f"{path.relative_to(ROOT)} says nothing" for path in sorted(names) if path.stem in VAGUE])


def test_a_module_opens_with_a_sentence() -> None:
    silent = [
        f"{module.name} does not say what lives there"
        for module in modules()
        if not module.is_migration
        and module.text.strip()
        and not (ast.get_docstring(module.tree) or "").split("\n\n")[0].endswith((".", ":"))
    ]
    refuse(silent)


def test_an_api_documents_every_verb() -> None:
    silent = [
        f"{module.name}:{node.lineno} {node.name} is a door without a sentence"
        for module in package_modules()
        if module.path.name == "api.py"
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    refuse(silent)


UNDONE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|NotImplemented" r"Error")


def test_nothing_is_left_undone() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{number} leaves something undone"
        for path in _texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNDONE.search(line)
    ]
    refuse(places)


def _texts() -> list[Path]:
    kinds = ("*.py", "*.sql", "*.md", "*.toml", "*.html", "*.css")
    folders = (PACKAGE, ROOT / "tests", ROOT / "docs", ROOT / "bench")
    return [path for folder in folders for kind in kinds for path in folder.rglob(kind)] + list(ROOT.glob("*.md"))


def test_every_folder_has_its_floor() -> None:
    import tomllib

    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    floors = {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}
    rooms = {path.stem for path in PACKAGE.iterdir() if not path.stem.startswith("_") and path.suffix in ("", ".py")}
    refuse([f"regulars.{room} has no floor; give it one in pyproject.toml" for room in sorted(rooms - floors)])
