"""The command's frame: start-up, answers for people or as JSON, exit codes, and no traceback at a user."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, NoReturn

import typer

from regulars.core import clock, settings

app = typer.Typer(
    name="regulars",
    help="Turns first-time buyers into regulars, and proves it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
import_app = typer.Typer(help="Bring a shop's history in: orders, customers, products, costs.", no_args_is_help=True)
app.add_typer(import_app, name="import")

AsJson = Annotated[bool, typer.Option("--json", help="Answer as one JSON object on standard output.")]


class Refused(Exception):
    """A command cannot do what was asked; the message says why and what to do."""


def main() -> None:
    """Run the command; every failure is a sentence, with exit code 1 (2 for a wrong call)."""
    import regulars.cli.deciding.campaigns
    import regulars.cli.deciding.journeys
    import regulars.cli.deciding.segments
    import regulars.cli.demo
    import regulars.cli.imports
    import regulars.cli.inquiry
    import regulars.cli.letters.inbound
    import regulars.cli.letters.limits
    import regulars.cli.letters.settle
    import regulars.cli.letters.triggers
    import regulars.cli.letters.why
    import regulars.cli.people
    import regulars.cli.safety
    import regulars.cli.supervisor.command
    import regulars.cli.upkeep  # noqa: F401  each registers its commands

    try:
        app(spelled_out(sys.argv[1:]))
    except KeyboardInterrupt:
        say("stopped; run the same command again to go on")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:  # noqa: BLE001  the outermost frame: a user sees sentences, not tracebacks
        sys.exit(_explained(problem))


def spelled_out(words: list[str]) -> list[str]:
    """Return the words of a call with the file of `report --json [FILE]` always there: - is standard output.

    >>> spelled_out(["report", "--json"]), spelled_out(["report", "--json", "a.json", "--fresh"])
    (['report', '--json', '-'], ['report', '--json', 'a.json', '--fresh'])
    """
    if words[:1] != ["report"] or "--json" not in words:
        return words
    place = words.index("--json") + 1
    missing = place == len(words) or (words[place].startswith("-") and words[place] != "-")
    return [*words[:place], "-", *words[place:]] if missing else words


def start() -> datetime:
    """Set Django up, bring the operational tables to this version, and return the instant of this command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
    now = settings.current().now or clock.utc_now()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    return now


def answer(payload: dict[str, Any], as_json: bool, told: Callable[[], str]) -> None:
    """Print the payload as JSON, or what it means in words."""
    typer.echo(json.dumps(payload, indent=2, ensure_ascii=False, default=str) if as_json else told())


def say(sentence: str) -> None:
    """Print a sentence on standard error, where it does not disturb a pipe."""
    typer.echo(sentence, err=True)


def refuse(sentence: str) -> NoReturn:
    """End the command with a sentence and exit code 1."""
    raise Refused(sentence)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, float], None]]:
    """Show a progress bar on a terminal and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda step, share: bar.update(task, description=f"{title}: {step}", completed=share)


def _explained(problem: Exception) -> int:
    from regulars.cli.faults import sentence_for

    try:
        sentence = sentence_for(problem)
    except Exception as second:  # noqa: BLE001  an installation so broken that even its errors cannot be imported
        sentence, problem = None, second
    if sentence is None:
        sentence = _kept(problem)
    say(f"regulars: {sentence}")
    return 1


def _kept(problem: Exception) -> str:
    """Write an unexpected fault to a file for the developers; the user gets one sentence."""
    from regulars.core.faults import kept

    name = kept(problem)
    where = f"; the details are in {settings.current().home / 'faults' / name}" if name else ""
    return f"a fault in Regulars itself ({type(problem).__name__}){where}. Nothing that was acknowledged is lost."
