"""`regulars triggers`: which kind of fact sends which template."""

from typing import TYPE_CHECKING, Annotated

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start

if TYPE_CHECKING:
    from regulars.messaging import api as messaging

BY = "console"
triggers_app = typer.Typer(help="Messages that follow facts: list, add, switch on and off, drop.", no_args_is_help=True)
app.add_typer(triggers_app, name="triggers")

Name = Annotated[str, typer.Argument(help="The trigger's name.")]


@triggers_app.command("list")
def show(json: AsJson = False) -> None:
    """List which kind of fact sends which template.

    Example: regulars triggers list
    """
    start()
    import dataclasses

    from regulars.messaging import api as messaging

    found = messaging.triggers()
    told = {"triggers": [dataclasses.asdict(one) for one in found]}
    answer(told, json, lambda: "\n".join(map(_line, found)) or "No message follows a fact yet; add one: regulars triggers add --help")  # fmt: skip


@triggers_app.command("add")
def add(
    name: Name,
    kind: Annotated[str, typer.Option("--after", help="The kind of fact, e.g. order.placed, or a name of your own.")],
    template: Annotated[str, typer.Option(help="The template's name.")],
    channel: Annotated[str, typer.Option(help="email, sms, push, whatsapp or webhook.")] = "email",
    topic: Annotated[str, typer.Option(help="The topic that a marketing message belongs to.")] = "",
    json: AsJson = False,
) -> None:
    """Add a trigger, switched on, for facts that come from now on; one of the same name is changed.

    Example: regulars triggers add thanks --after order.placed --template thank_you_sms --channel sms
    """
    now = start()
    from regulars.messaging import api as messaging

    rule = messaging.Rule(name=name, kind=kind, channel=channel, template=template, topic=topic)
    try:
        messaging.set_up_trigger(rule, BY, now)
    except messaging.BadTrigger as problem:
        refuse(str(problem))
    answer({"name": name, "active": True}, json, lambda: f"After each {kind} from now on: {template} by {channel}.")


@triggers_app.command("on")
def on(name: Name, json: AsJson = False) -> None:
    """Switch a trigger on, for facts that come from now on.

    Example: regulars triggers on thanks
    """
    _switch(name, True, json)


@triggers_app.command("off")
def off(name: Name, json: AsJson = False) -> None:
    """Switch a trigger off; what it asked for already still goes out.

    Example: regulars triggers off thanks
    """
    _switch(name, False, json)


@triggers_app.command("drop")
def drop(name: Name, json: AsJson = False) -> None:
    """Forget a trigger; what it asked for already still goes out.

    Example: regulars triggers drop thanks
    """
    now = start()
    from regulars.messaging import api as messaging

    try:
        messaging.forget_trigger(name, BY, now)
    except messaging.BadTrigger as problem:
        refuse(str(problem))
    answer({"name": name}, json, lambda: f"Dropped: {name}.")


def _switch(name: str, is_active: bool, json: bool) -> None:
    now = start()
    from regulars.messaging import api as messaging

    try:
        messaging.switch_trigger(name, is_active, BY, now)
    except messaging.BadTrigger as problem:
        refuse(str(problem))
    answer({"name": name, "active": is_active}, json, lambda: f"{name} is {'on' if is_active else 'off'}.")


def _line(one: "messaging.Rule") -> str:
    return f"{'on ' if one.is_active else 'off'}  {one.name}: after {one.kind}, {one.template} by {one.channel}"
