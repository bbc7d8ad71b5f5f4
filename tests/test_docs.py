"""The documentation says what the code does: commands, settings, kinds of facts, files, links and pictures."""

import importlib
import pkgutil
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from regulars.core.settings import DESCRIPTIONS, FOR_TESTS
from tests.house import PACKAGE, ROOT, refuse

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CALL = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?regulars (.+)$")
# Options that the command line adds itself.
EVERYWHERE = {"--help"}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def snippets(text: str) -> Iterator[str]:
    """Yield each line of the fenced code and each piece of inline code."""
    for block, piece in CODE.findall(text):
        yield from block.replace("\\\n", " ").splitlines() if block else [piece]


@cache
def command_line() -> Any:
    """Return the whole command, as a user meets it."""
    cli = importlib.import_module("regulars.cli")
    for module in pkgutil.walk_packages(cli.__path__, "regulars.cli."):
        importlib.import_module(module.name)
    return typer.main.get_command(importlib.import_module("regulars.cli.app").app)


def below(command: Any) -> dict[str, Any]:
    """Return the sub-commands of a group; a command that does something has none."""
    return getattr(command, "commands", {})


def leaves(group: Any, words: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with its words."""
    for word, command in below(group).items():
        if below(command):
            yield from leaves(command, f"{words}{word} ")
        else:
            yield f"{words}{word}", command


def fault(call: str) -> str | None:
    """Say what is wrong with a call of `regulars`, or None when the command line knows it."""
    words = shlex.split(call.partition(" | ")[0].replace("…", ""), comments=True)
    command = command_line()
    while below(command) and words and not words[0].startswith("-"):
        word = words.pop(0)
        if word not in below(command):
            return f"there is no command {word!r}"
        command = below(command)[word]
    options = EVERYWHERE | {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    wrong = [word for word in words if word.startswith("--") and word.partition("=")[0].strip("[]") not in options]
    return f"there is no option {wrong[0]}" if wrong else None


def test_a_call_is_held_against_the_command_line() -> None:
    assert fault("import orders orders.csv --dry-run   # looks only") is None
    assert fault("report --retention 30:90 --json | head") is None
    assert fault("report --as-off 2024-01-01") == "there is no option --as-off"
    assert fault("imprt orders") == "there is no command 'imprt'"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_of_the_docs_exists(page: Path) -> None:
    calls = [found[1] for piece in snippets(page.read_text(encoding="utf-8")) if (found := CALL.match(piece.strip()))]
    refuse([f"{name(page)}: regulars {call}: {wrong}" for call in calls if (wrong := fault(call))])


def test_every_command_is_in_the_docs() -> None:
    told = " ".join(piece for page in PAGES for piece in snippets(page.read_text(encoding="utf-8")))
    refuse([f"no page tells of `regulars {words}`" for words, _ in leaves(command_line()) if words not in told])


def test_every_command_shows_an_example_that_it_would_take() -> None:
    for words, command in leaves(command_line()):
        found = re.search(r"Example: regulars (.+)", command.help or "")
        assert found, f"regulars {words} --help shows no example"
        assert found[1].startswith(words)
        assert fault(found[1]) is None


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_setting_of_the_docs_exists(page: Path) -> None:
    named = set(re.findall(r"\bREGULARS_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
    unknown = {setting for setting in named - DESCRIPTIONS.keys() if not setting.startswith(FOR_TESTS)}
    refuse([f"{name(page)} names {setting}, which is none" for setting in sorted(unknown)])


def test_every_setting_is_in_the_docs() -> None:
    assert first_cells("settings.md", "REGULARS_[A-Z_]+") == set(DESCRIPTIONS)


def test_the_kinds_of_facts_are_in_the_docs_and_no_others() -> None:
    events = importlib.import_module("regulars.events.api")
    assert first_cells("facts.md", r"[a-z]+\.[a-z_]+") == set(events.kinds())


def test_every_derived_table_is_in_the_docs() -> None:
    events = importlib.import_module("regulars.events.api")
    named = first_cells("facts.md", "[a-z_]+")
    inner = {"merged", "order_state", "order_refunds", "sale_days"}  # steps on the way, for nobody to query
    refuse(
        [
            f"docs/facts.md does not tell of {table.name}"
            for table in events.definitions()
            if table.name not in named | inner
        ]
    )


def first_cells(page: str, pattern: str) -> set[str]:
    """Return what stands as code in the first cell of a page's table rows."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(rf"^\| `({pattern})` \|", text, re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        end = (page.parent / path).resolve() if path else page
        if not end.exists() or (anchor and anchor not in anchors(end)):
            broken.append(f"{name(page)}: {target} leads nowhere")
    refuse(broken)


def test_every_file_that_the_tour_names_is_there() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    named = [piece for piece in snippets(text) if re.fullmatch(r"[\w/]+(\.py|\.sql|/)", piece) and piece != "/"]
    assert named
    present = {path.as_posix() for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*")}
    refuse([f"docs/tour.md names {piece}, which is not there" for piece in named if not _is_there(piece, present)])


def _is_there(piece: str, present: set[str]) -> bool:
    return any(path.endswith("/" + piece.rstrip("/")) for path in present)
