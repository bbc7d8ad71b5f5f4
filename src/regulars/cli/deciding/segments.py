"""`regulars segments`: which customers belong together, as files and in lists."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, progress_bar, refuse, start

if TYPE_CHECKING:
    from regulars.segments import api as segments

BY = "console"
segments_app = typer.Typer(help="Segments: check and add a file, list, show, who belongs, drop.", no_args_is_help=True)
app.add_typer(segments_app, name="segments")

Name = Annotated[str, typer.Argument(help="The segment's name.")]
File = Annotated[Path, typer.Argument(help="A file with the segment, in YAML.")]


@segments_app.command("list")
def show_all(json: AsJson = False) -> None:
    """List every segment with how many belong to it.

    Example: regulars segments list
    """
    start()
    from regulars.segments import api as segments

    found = segments.listed()
    told = [{"name": one.name, "title": one.title, "members": one.n_members, "problem": one.problem} for one in found]
    empty = "There is no segment yet; add the ready-made ones: regulars segments ready"
    answer({"segments": told}, json, lambda: "\n".join(map(_line, found)) or empty)


@segments_app.command("show")
def show(name: Name, json: AsJson = False) -> None:
    """Show a segment as its file.

    Example: regulars segments show regulars > regulars.yaml
    """
    start()
    from regulars.segments import api as segments

    found = segments.one(name) or refuse(f"There is no segment '{name}'; regulars segments list shows all.")
    told = {"name": found.name, "title": found.title, "rule": found.rule, "members": found.n_members}
    answer(told, json, lambda: segments.written(found).rstrip())


@segments_app.command("check")
def check(file: File, json: AsJson = False) -> None:
    """Read a segment's file and say how many customers it would have; nothing is kept.

    Example: regulars segments check tea-lovers.yaml
    """
    now = start()
    from regulars.events import api as events
    from regulars.segments import api as segments

    draft = _read(file)
    try:
        with progress_bar("asking"), events.reader(now) as moment:
            found = segments.preview(moment, draft.rule, segments.day_of(now))
    except segments.NoSuchSegment as problem:
        refuse(f"{file.name}: {problem}")
    told = {"name": draft.name, "members": found.n_members, "customers": found.n_customers}
    answer(told, json, lambda: f"{draft.title}: {found.n_members:,} of {found.n_customers:,} customers.")


@segments_app.command("add")
def add(file: File, json: AsJson = False) -> None:
    """Keep the segment of a file, in place of one of its name, and count its members.

    Example: regulars segments add tea-lovers.yaml
    """
    now = start()
    from regulars.segments import api as segments

    draft = _read(file)
    try:
        is_new = segments.put(draft, BY, now)
    except segments.BadSegment as problem:
        refuse(f"{file.name}: {problem}")
    _counted([draft.name], now, json, f"{'Added' if is_new else 'Changed'} {draft.name}")


@segments_app.command("ready")
def ready(json: AsJson = False) -> None:
    """Add the ready-made segments that are not there yet, and count their members.

    Example: regulars segments ready
    """
    now = start()
    from regulars.segments import api as segments

    there = {one.name for one in segments.listed()}
    fresh = [draft for draft in segments.ready_made() if draft.name not in there]
    for draft in fresh:
        segments.put(draft, BY, now)
    _counted([draft.name for draft in fresh], now, json, f"Added {len(fresh)}")


@segments_app.command("members")
def members(
    name: Name,
    limit: Annotated[int, typer.Option(help="How many to list.", min=1)] = 20,
    after: Annotated[int, typer.Option(help="Only customers behind this number.")] = 0,
    json: AsJson = False,
) -> None:
    """List who belongs to a segment, by customer number.

    Example: regulars segments members regulars --limit 100
    """
    start()
    from regulars.segments import api as segments

    found = segments.one(name) or refuse(f"There is no segment '{name}'; regulars segments list shows all.")
    numbers = segments.member_numbers(name, limit, after)
    told = {"name": name, "members": found.n_members, "customers": numbers}
    answer(told, json, lambda: "\n".join(map(str, numbers)) or "Nobody belongs to it.")


@segments_app.command("drop")
def drop(name: Name, json: AsJson = False) -> None:
    """Forget a segment and who belonged to it.

    Example: regulars segments drop tea-lovers
    """
    now = start()
    from regulars.segments import api as segments

    try:
        segments.drop(name, BY, now)
    except segments.BadSegment as problem:
        refuse(str(problem))
    answer({"name": name, "dropped": True}, json, lambda: f"Dropped {name}.")


def _read(file: Path) -> "segments.Draft":
    from regulars.segments import api as segments

    try:
        return segments.read_file(file.read_text(encoding="utf-8"))
    except OSError as problem:
        refuse(f"{file} cannot be read: {problem.strerror}")
    except UnicodeDecodeError:
        refuse(f"{file} is no text in UTF-8.")
    except segments.BadSegment as problem:
        refuse(f"{file.name}: {problem}")


def _counted(names: list[str], now: Any, json: bool, said: str) -> None:
    from regulars.segments import api as segments

    with progress_bar("counting members"):
        segments.run_once(now)
    found = [one for one in segments.listed() if one.name in names]
    told = {"segments": [{"name": one.name, "members": one.n_members, "problem": one.problem} for one in found]}
    answer(told, json, lambda: "\n".join([f"{said}.", *map(_line, found)]))


def _line(one: "segments.Told") -> str:
    size = "being counted" if not one.is_settled or one.n_members is None else f"{one.n_members:,}"
    return f"{one.name}  {size}  {one.title}" + (f"  PROBLEM: {one.problem}" if one.problem else "")
