"""`regulars campaigns`: broadcasts and newsletters as files; letting them go, and cancelling them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.campaigns import api as campaigns

BY = "console"
campaigns_app = typer.Typer(
    help="Campaigns: check and add a file, list, show, send, cancel, stop, upload a list, drop.", no_args_is_help=True
)
app.add_typer(campaigns_app, name="campaigns")

Name = Annotated[str, typer.Argument(help="The campaign's name.")]
File = Annotated[Path, typer.Argument(help="A file with the campaign, in YAML.")]
Number = Annotated[int | None, typer.Option("--edition", help="Which edition; the newest as long as nothing is said.")]


@campaigns_app.command("list")
def show_all(json: AsJson = False) -> None:
    """List every campaign with where its newest edition stands.

    Example: regulars campaigns list
    """
    start()
    from regulars.campaigns import api as campaigns

    found = campaigns.listed()
    told = [{"name": one.name, "title": one.title, "is_on": one.is_on, **_edition(one.newest)} for one in found]
    empty = "There is no campaign yet; write one and add it: regulars campaigns add FILE"
    answer({"campaigns": told}, json, lambda: "\n".join(map(_line, found)) or empty)


@campaigns_app.command("show")
def show(name: Name, json: AsJson = False) -> None:
    """Show a campaign as its file.

    Example: regulars campaigns show spring-letter > spring-letter.yaml
    """
    start()
    from regulars.campaigns import api as campaigns

    found = campaigns.one(name) or refuse(f"There is no campaign '{name}'; regulars campaigns list shows all.")
    told = {"document": dict(found.document), "is_on": found.is_on, **_edition(found.newest)}
    answer(told, json, lambda: campaigns.written(found.document).rstrip())


@campaigns_app.command("check")
def check(file: File, json: AsJson = False) -> None:
    """Read a campaign's file and say whether it could go today; a mistake is told with its line. Nothing is kept.

    Example: regulars campaigns check spring-letter.yaml
    """
    start()
    from regulars.campaigns import api as campaigns

    _document, plan = _read(file)
    problems, n = campaigns.problems(plan), campaigns.size_of(plan)
    told = {"name": plan.name, "title": plan.title, "people": n, "problems": problems}
    reach = "an audience that is not counted yet" if n is None else f"{n:,} people at the moment"
    answer(told, json, lambda: "\n".join([f"{plan.title}: {reach}.", *(f"- {one}" for one in problems)]))
    if problems:
        raise typer.Exit(1)


@campaigns_app.command("add")
def add(file: File, json: AsJson = False) -> None:
    """Keep the campaign of a file, in place of one of its name. Nothing goes by it.

    Example: regulars campaigns add spring-letter.yaml
    """
    now = start()
    from regulars.campaigns import api as campaigns

    document, plan = _read(file)
    try:
        is_new = campaigns.put(document, BY, now)
    except campaigns.BadCampaign as problem:
        refuse(f"{file.name}: {problem}")
    said = f"{'Added' if is_new else 'Changed'} {plan.name}. Let it go: regulars campaigns send {plan.name}"
    answer({"name": plan.name, "is_new": is_new}, json, lambda: said)


@campaigns_app.command("send")
def send(name: Name, json: AsJson = False) -> None:
    """Let a campaign go: after the time to undo, at its moment, or from now on again and again.

    Example: regulars campaigns send spring-letter
    """
    now = start()
    from regulars.campaigns import api as campaigns

    try:
        at = campaigns.send(name, BY, now)
    except campaigns.BadCampaign as problem:
        refuse(str(problem))
    said = f"It begins at {at:%Y-%m-%d %H:%M} UTC. Until then nothing leaves: regulars campaigns cancel {name}"
    answer({"name": name, "begins_at": at.isoformat()}, json, lambda: said)


@campaigns_app.command("cancel")
def cancel(name: Name, number: Number = None, json: AsJson = False) -> None:
    """Cancel an edition: nobody else is asked for, what was not handed over yet is taken back, what left is told.

    Example: regulars campaigns cancel spring-letter
    """
    now = start()
    from regulars.campaigns import api as campaigns

    chosen = number or next((one.number for one in campaigns.editions(name)), None)
    if chosen is None:
        refuse(f"There is nothing to cancel: '{name}' is not on its way.")
    try:
        done = campaigns.cancel(name, chosen, BY, now)
    except campaigns.BadCampaign as problem:
        refuse(str(problem))
    told = {"not_asked": done.n_not_asked, "withdrawn": done.n_withdrawn, "gone": done.n_gone}
    said = f"Cancelled. {done.n_not_asked:,} were not written to, {done.n_withdrawn:,} messages were taken back, {done.n_gone:,} had gone."
    answer({"name": name, "edition": chosen, **told}, json, lambda: said)


@campaigns_app.command("stop")
def stop(name: Name, json: AsJson = False) -> None:
    """Let a recurring campaign go no more; what is on its way goes on.

    Example: regulars campaigns stop monthly-letter
    """
    now = start()
    from regulars.campaigns import api as campaigns

    try:
        campaigns.stop(name, BY, now)
    except campaigns.BadCampaign as problem:
        refuse(str(problem))
    answer({"name": name, "is_on": False}, json, lambda: f"Stopped {name}.")


@campaigns_app.command("upload")
def upload(
    name: Annotated[str, typer.Argument(help="What the list shall be called.")],
    file: Annotated[Path, typer.Argument(help="A text or CSV: an e-mail, phone or customer's number on each line.")],
    json: AsJson = False,
) -> None:
    """Keep a list of people for campaigns; lines that are nobody known are told and left out.

    Example: regulars campaigns upload fair-visitors visitors.csv
    """
    now = start()
    from regulars.campaigns import api as campaigns

    try:
        done = campaigns.upload(name, _text(file), BY, now)
    except campaigns.BadCampaign as problem:
        refuse(str(problem))
    unknown = [f"- {line}" for line in done.some_unknown]
    said = f"{done.n_people:,} customers are on the list {name}; {done.n_unknown:,} lines are nobody known{':' if unknown else '.'}"
    told = {"name": name, "people": done.n_people, "unknown": done.n_unknown, "some_unknown": list(done.some_unknown)}
    answer(told, json, lambda: "\n".join([said, *unknown]))


@campaigns_app.command("drop")
def drop(name: Name, json: AsJson = False) -> None:
    """Forget a campaign that wrote to nobody.

    Example: regulars campaigns drop spring-letter
    """
    now = start()
    from regulars.campaigns import api as campaigns

    try:
        campaigns.drop(name, BY, now)
    except campaigns.BadCampaign as problem:
        refuse(str(problem))
    answer({"name": name, "dropped": True}, json, lambda: f"Dropped {name}.")


def _read(file: Path) -> "tuple[Mapping[str, Any], campaigns.Plan]":
    from regulars.campaigns import api as campaigns

    try:
        return campaigns.read_file(_text(file))
    except campaigns.BadCampaign as problem:
        refuse(f"{file.name}: {problem}")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as problem:
        refuse(f"{file} cannot be read: {problem.strerror}")
    except UnicodeDecodeError:
        refuse(f"{file} is no text in UTF-8.")


def _edition(one: "campaigns.EditionTold | None") -> dict[str, Any]:
    if one is None:
        return {"edition": None, "state": "never sent"}
    told = {"begins_at": one.begins_at.isoformat(), "people": one.n_recipients, "asked": one.n_asked}
    return {"edition": one.number, "state": one.state.value, "problem": one.problem, **told}


def _line(one: "campaigns.CampaignTold") -> str:
    newest, on = one.newest, "  on" if one.is_on else ""
    if newest is None:
        return f"{one.name}  never sent{on}  {one.title}"
    problem = f"  {newest.problem}" if newest.problem else ""
    return f"{one.name}  edition {newest.number} {newest.state.value}, {newest.n_asked:,} of {newest.n_recipients:,}{on}  {one.title}{problem}"
