"""`regulars journeys`: what happens to people step by step, as files."""

from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start

journeys_app = typer.Typer(help="Journeys: check a file.", no_args_is_help=True)
app.add_typer(journeys_app, name="journeys")


@journeys_app.callback()
def about() -> None:
    """Journeys: check a file."""


@journeys_app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A file with the journey, in YAML.")], json: AsJson = False
) -> None:
    """Read a journey's file and say step by step what it would do; a mistake is told with its line. Nothing is kept.

    Example: regulars journeys check second-order.yaml
    """
    start()
    from regulars.journeys import api as journeys

    try:
        journey, nodes = journeys.read_file(file.read_text(encoding="utf-8"))
    except OSError as problem:
        refuse(f"{file} cannot be read: {problem.strerror}")
    except UnicodeDecodeError:
        refuse(f"{file} is no text in UTF-8.")
    except journeys.BadJourney as problem:
        refuse(f"{file.name}: {problem}")
    steps = [journeys.said(node) for node in nodes]
    told = {"name": journey.name, "title": journey.title, "subject": journey.subject, "nodes": steps}
    answer(told, json, lambda: "\n".join([f"{journey.title}: {len(steps)} steps.", *steps]))
