"""`regulars settle`: decide on the messages of which nobody can say whether they arrived."""

from typing import Annotated

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start

DECISIONS = {"arrived": "sent", "again": "again", "give-up": "given_up"}


@app.command("settle")
def settle(
    decision: Annotated[str, typer.Argument(help="arrived, again or give-up; or list, to only count them.")],
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of messages; without any, all that match.")] = None,
    channel: Annotated[str, typer.Option(help="Only those of a channel, like sms.")] = "",
    text: Annotated[str, typer.Option(help="Only those with this in their name, or of this customer.")] = "",
    number: Annotated[int | None, typer.Option("--count", help="How many you mean; the command says it first.")] = None,
    marketing: Annotated[bool, typer.Option("--marketing", help="With again: send marketing again too.")] = False,
    json: AsJson = False,
) -> None:
    """Decide on many unknown messages at once. Say it once to hear how many they are, and again with --count to have it done.

    Example: regulars settle arrived --channel sms --count 12
    """
    now = start()
    from regulars.messaging import api as messaging

    which = messaging.Which(tuple(keys or ()), messaging.Filters("", channel, text))
    found = messaging.standing(which)
    if decision not in (*DECISIONS, "list"):
        refuse(f"'{decision}' is no decision; say arrived, again, give-up or list")
    if decision == "list" or number is None:
        answer({**found, "decided": 0}, json, lambda: _counted(decision, found))
        return
    verdict = messaging.Verdict(messaging.Settled(DECISIONS[decision]), number, may_arrive_twice=True, with_marketing=marketing)  # fmt: skip
    try:
        decided = messaging.settle_many(which, verdict, "command line", now)
    except messaging.CannotSettle as refusal:
        refuse(str(refusal))
    answer({**found, "decided": decided}, json, lambda: f"Decided on {decided} of {found['n']} unknown messages.")


def _counted(decision: str, found: dict[str, int]) -> str:
    said = f"{found['n']} unknown messages match, {found['n_marketing']} of them marketing."
    if decision == "list" or not found["n"]:
        return said
    twice = " They may arrive twice, and marketing goes only with --marketing." if decision == "again" else ""
    return f"{said}{twice} To decide, say the same with --count {found['n']}"
