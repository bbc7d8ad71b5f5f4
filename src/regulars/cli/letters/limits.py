"""`regulars limits`: how much may be sent, how often, and at which hours."""

from typing import TYPE_CHECKING, Annotated

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start

if TYPE_CHECKING:
    from regulars.messaging import api as messaging

BY = "console"
limits_app = typer.Typer(help="How much may be sent, how often, at which hours.", no_args_is_help=True)
app.add_typer(limits_app, name="limits")


@limits_app.command("show")
def show(json: AsJson = False) -> None:
    """Show every limit by its name, and what is set.

    Example: regulars limits show
    """
    start()
    from regulars.messaging import api as messaging

    told = dict(messaging.limits().told)
    answer(told, json, lambda: "\n".join(_line(messaging.LIMITS[name], text) for name, text in told.items()))


@limits_app.command("set")
def put(
    changes: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE…", help="Limits by name; nothing after = clears one.")
    ],
    json: AsJson = False,
) -> None:
    """Set limits; they hold from the next tick on. Each change stands in the audit log.

    Example: regulars limits set a_week=4 email.per_day=500 sms.saturday=10-18
    """
    now = start()
    from regulars.messaging import api as messaging

    pairs = [one.partition("=") for one in changes]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        refuse(f"write each limit as NAME=VALUE, like email.per_day=500; '{wrong}' has no =")
    try:
        changed = messaging.put_limits({name.strip(): value for name, _, value in pairs}, BY, now)
    except messaging.BadLimits as problem:
        refuse(str(problem))
    told = messaging.limits().told
    said = ", ".join(f"{name} = {told[name] or 'none'}" for name in changed)
    answer({name: told[name] for name in changed}, json, lambda: f"Set: {said}." if changed else "Nothing changed.")


def _line(one: "messaging.LimitSetting", text: str) -> str:
    return f"{one.name:<24}{text or '-':<14}{one.label}"
