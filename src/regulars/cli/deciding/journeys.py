"""`regulars journeys`: what happens to people step by step, as files, switched on and off, and who stands where."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from regulars.cli.app import AsJson, answer, app, progress_bar, refuse, start
from regulars.cli.deciding.rehearsed import rehearsed, span_of
from regulars.cli.naming import the_customer

if TYPE_CHECKING:
    from regulars.journeys import api as journeys

BY = "console"
journeys_app = typer.Typer(
    help="Journeys: check and add a file, switch on and off, who stands where.", no_args_is_help=True
)
app.add_typer(journeys_app, name="journeys")

Name = Annotated[str, typer.Argument(help="The journey's name, or a file with the journey, in YAML.")]
File = Annotated[Path, typer.Argument(help="A file with the journey, in YAML.")]


@journeys_app.command("check")
def check(file: File, json: AsJson = False) -> None:
    """Read a journey's file and say step by step what it would do; a mistake is told with its line. Nothing is kept.

    Example: regulars journeys check second-order.yaml
    """
    start()
    from regulars.journeys import api as journeys

    try:
        journey, nodes = journeys.read_file(_text(file))
    except journeys.BadJourney as problem:
        refuse(f"{file.name}: {problem}")
    steps = [journeys.said(node) for node in nodes]
    told = {"name": journey.name, "title": journey.title, "subject": journey.subject, "nodes": steps}
    answer(told, json, lambda: "\n".join([f"{journey.title}: {len(steps)} steps.", *steps]))


@journeys_app.command("list")
def show_all(json: AsJson = False) -> None:
    """List every journey: whether it is on, how many are inside, and what is wrong with it.

    Example: regulars journeys list
    """
    start()
    from regulars.journeys import api as journeys

    found = journeys.listed()
    empty = "There is no journey yet; write one and add it: regulars journeys add second-order.yaml"
    answer(
        {"journeys": msgspec.to_builtins(found)},
        json,
        lambda: "\n".join(f"{one.name}  {_line(one)}" for one in found) or empty,
    )


@journeys_app.command("show")
def show(name: Name, json: AsJson = False) -> None:
    """Show a journey as its file.

    Example: regulars journeys show second-order > second-order.yaml
    """
    start()
    from regulars.journeys import api as journeys

    found = journeys.text(name) or refuse(_unknown(name))
    answer({"name": name, "text": found}, json, found.rstrip)


@journeys_app.command("add")
def add(file: File, json: AsJson = False) -> None:
    """Keep the journey of a file, as the newest version of the one of its name. A new one is not on yet.

    Example: regulars journeys add second-order.yaml
    """
    now = start()
    name, version = _kept(file, now)
    answer({"name": name, "version": version}, json, lambda: f"Kept {name} as version {version}.")


@journeys_app.command("ready")
def ready(
    name: Annotated[str, typer.Argument(help="The programme to add; without one they are listed.")] = "",
    all_of_them: Annotated[bool, typer.Option("--all", help="Add every one.")] = False,
    json: AsJson = False,
) -> None:
    """List the ready-made programmes, or add one as a draft with its segments and templates. Nothing is switched on.

    Example: regulars journeys ready win-back
    """
    now = start()
    from regulars.journeys import api as journeys

    if not name and not all_of_them:
        _list_ready(json)
        return
    names = [one.name for one in journeys.ready_made()] if all_of_them else [name]
    try:
        added = [journeys.install(one, BY, now) for one in names]
    except journeys.CannotSwitch as problem:
        refuse(str(problem))
    answer({"added": msgspec.to_builtins(added)}, json, lambda: "\n".join(map(_added, added)))


@journeys_app.command("activate")
def activate(name: Name, json: AsJson = False) -> None:
    """Switch a journey on: what happens from now on leads people in. A file is kept first.

    Example: regulars journeys activate second-order.yaml
    """
    now = start()
    from regulars.journeys import api as journeys

    _switched(
        name,
        functools.partial(journeys.activate, by=BY, now=now),
        "on; what happens from now on leads people in",
        now,
        json,
    )


@journeys_app.command("pause")
def pause(name: Name, json: AsJson = False) -> None:
    """Let nobody in and move nobody, until it is switched on again.

    Example: regulars journeys pause second-order
    """
    now = start()
    from regulars.journeys import api as journeys

    _switched(
        name,
        functools.partial(journeys.pause, by=BY, now=now),
        "paused; whoever is inside stands where they are",
        now,
        json,
    )


@journeys_app.command("drain")
def drain(name: Name, json: AsJson = False) -> None:
    """Let nobody in any more; whoever is inside walks to the end.

    Example: regulars journeys drain second-order
    """
    now = start()
    from regulars.journeys import api as journeys

    _switched(
        name,
        functools.partial(journeys.drain, by=BY, now=now),
        "draining; it is off when the last one has left",
        now,
        json,
    )


@journeys_app.command("stop")
def stop(name: Name, json: AsJson = False) -> None:
    """Switch a journey off and end every run that is inside.

    Example: regulars journeys stop second-order
    """
    now = start()
    from regulars.journeys import api as journeys

    _switched(name, functools.partial(journeys.stop, by=BY, now=now), "off; nobody is inside any more", now, json)


@journeys_app.command("move")
def move(
    name: Name,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, it is only told.")] = False,
    json: AsJson = False,
) -> None:
    """Say where everybody inside an older version would stand in the newest, and with --apply move them over.

    Example: regulars journeys move second-order --apply
    """
    now = start()
    from regulars.journeys import api as journeys

    try:
        found = journeys.moves(name)
        moved = journeys.move(name, BY, now) if apply else 0
    except journeys.CannotSwitch as problem:
        refuse(str(problem))
    told = {"changes": msgspec.to_builtins(found), "moved": moved, "applied": apply}
    answer(told, json, lambda: _moves(found, moved, apply))


@journeys_app.command("status")
def status(
    name: Name,
    version: Annotated[int | None, typer.Option(help="A version other than the newest.")] = None,
    json: AsJson = False,
) -> None:
    """Say who stands where in a journey, how many went which way, and where somebody is stuck and why.

    Example: regulars journeys status second-order
    """
    start()
    from regulars.journeys import api as journeys

    found = journeys.status(name, version) or refuse(_unknown(name))
    answer(msgspec.to_builtins(found), json, lambda: _status(found))


@journeys_app.command("rehearse")
def rehearse(
    file: File,
    begin: Annotated[
        str, typer.Option("--from", help="The first day, as 2025-01-01; a year before the last day without.")
    ] = "",
    end: Annotated[str, typer.Option("--to", help="The last day; the shop's last day without.")] = "",
    json: AsJson = False,
) -> None:
    """Walk a journey through the shop's own past and say what it would have done. Nothing is kept, and nobody is written to.

    Example: regulars journeys rehearse second-order.yaml --from 2025-01-01 --to 2025-12-31
    """
    now = start()
    from regulars.events import api as events
    from regulars.journeys import api as journeys

    text = _text(file)
    try:
        with progress_bar("walking through the past") as progress, events.reader(now) as moment:
            span = span_of(moment, begin, end)
            found = journeys.rehearse(moment, text, *span, progress)
    except journeys.CANNOT_REHEARSE as problem:
        refuse(f"{file.name}: {problem}")
    answer(msgspec.to_builtins(found, str_keys=True), json, lambda: rehearsed(found))


@journeys_app.command("explain")
def explain(
    customer: Annotated[str, typer.Argument(help="E-mail, phone, the shop's number, or the number of the page here.")],
    json: AsJson = False,
) -> None:
    """Say what a customer went through in every journey, step by step, and what comes next.

    Example: regulars journeys explain ann@example.com
    """
    start()
    from regulars.journeys import api as journeys

    number = the_customer(customer)
    found = journeys.explain(number)
    told = {"customer_id": number, "runs": msgspec.to_builtins(found)}
    answer(told, json, lambda: "\n".join(map(_story, found)) or f"Customer {number} entered no journey.")


def _switched(name: str, how: Callable[[str], Any], said: str, now: datetime, json: bool) -> None:
    from regulars.journeys import api as journeys

    if name.endswith((".yaml", ".yml")):
        name, _ = _kept(Path(name), now)
    try:
        how(name)
    except journeys.CannotSwitch as problem:
        refuse(str(problem))
    answer(msgspec.to_builtins(journeys.one(name)), json, lambda: f"Journey {name} is {said}.")


def _kept(file: Path, now: datetime) -> tuple[str, int]:
    from regulars.journeys import api as journeys

    try:
        return journeys.put(_text(file), BY, now)
    except (journeys.BadJourney, journeys.CannotSwitch) as problem:
        refuse(f"{file.name}: {problem}")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as problem:
        refuse(f"{file} cannot be read: {problem.strerror}")
    except UnicodeDecodeError:
        refuse(f"{file} is no text in UTF-8.")


def _list_ready(json: bool) -> None:
    from regulars.journeys import api as journeys

    found = journeys.ready_made()
    there = {one.name for one in journeys.listed()}
    told = [
        {
            **{part: getattr(one, part) for part in ("name", "title", "purpose", "segments", "templates")},
            "is_there": one.name in there,
        }
        for one in found
    ]
    lines = [f"{one.name}{' (added)' if one.name in there else ''}  {one.purpose}" for one in found]
    answer({"programmes": told}, json, lambda: "\n".join([*lines, "Add one as a draft: regulars journeys ready NAME"]))


def _added(one: "journeys.Installed") -> str:
    beside = [f"the segment {name}" for name in one.segments] + [f"the template {name}" for name in one.templates]
    along = f", with {', '.join(beside)}" if beside else ""
    if not one.is_new:
        return f"{one.name} is there already and stays as it is{along and along.replace(', with', '; added')}."
    return f"Added {one.name} as a draft{along}. Switch it on: regulars journeys activate {one.name}"


def _unknown(name: str) -> str:
    return f"There is no journey '{name}'; regulars journeys list shows all."


def _line(one: "journeys.Told") -> str:
    stuck = f", {one.n_stuck} steps stuck" if one.n_stuck else ""
    problem = f" ({one.problem})" if one.problem else ""
    return f"{one.state}, version {one.version}: {one.n_inside:,} inside, {one.n_entered:,} entered, {one.n_reached:,} reached the goal{stuck}{problem}"


def _status(found: "journeys.Status") -> str:
    lines = [f"{found.told.title}: {_line(found.told)}"]
    for place in found.places:
        ways = " / ".join(f"{n:,}" for n in place.n_left)
        went = f"; {ways} went on" if place.n_left else ""
        here = f"   [{place.n_here:,} here{went}]" if place.n_here or any(place.n_left) else ""
        lines.append(f"{place.says}{here}")
        if place.problem:
            lines.append(f"   stuck: {place.problem}")
    return "\n".join([*lines, *(f"{one.n:,} left: {one.reason}" for one in found.left)])


def _moves(found: "list[journeys.Change]", moved: int, is_done: bool) -> str:
    if not found:
        return "Nobody is inside an older version."
    lines = []
    for one in found:
        waits = f", {one.waits:+,} seconds of waiting" if one.waits else ""
        to = f"would stand at {one.to}{waits}" if one.to else "would stay in the older version to its end"
        lines.append(f"version {one.version}, {one.n:,} at {one.says}\n   {to}")
    last = f"Moved {moved:,}." if is_done else "Nothing is changed yet; do it with --apply."
    return "\n".join([*lines, last])


def _story(one: "journeys.Story") -> str:
    about = f", {one.subject}" if one.subject else ""
    held = ", held out" if one.is_held_out else ""
    lines = [f"{one.title}{about}{held}"]
    lines += [f"  {step.at:%Y-%m-%d %H:%M}  {step.said}" for step in one.steps]
    return "\n".join(lines + ([f"  {one.due:%Y-%m-%d %H:%M}  next"] if one.due else []))
