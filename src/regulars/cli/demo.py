"""`regulars demo`: a made-up shop to play with, whose truth is known."""

from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, progress_bar, refuse, start
from regulars.core import settings

Customers = Annotated[int, typer.Option("--customers", min=1, max=5_000_000, help="How many customers the shop has.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Another number is another shop; the same one is the same.")]


@app.command("demo")
def demo(customers: Customers = 10_000, seed: Seed = 1, json: AsJson = False) -> None:
    """Fill an empty home with a made-up coffee and tea shop: two years that end yesterday.

    Example: regulars demo --customers 10000
    """
    now = start()
    from regulars.profiles import api as profiles
    from regulars.simulator import api as simulator

    folder = settings.current().home / "demo"
    try:
        plan = simulator.planned(folder, now, customers, seed)
    except simulator.NotEmpty as problem:
        refuse(str(problem))
    with progress_bar("the demo shop") as progress:
        how = (progress, simulator.never)
        done = simulator.open_shop(plan, folder, profiles.people, now, how)
    told = {"folder": str(folder), "begins": plan.begins.isoformat(), "ends": plan.ends.isoformat(), "imported": done}
    answer(told, json, lambda: _in_words(told))


def _in_words(told: dict[str, Any]) -> str:
    counts = ", ".join(f"{rows['accepted']:,} {_UNITS[name]}" for name, rows in told["imported"].items())
    return (
        f"The demo shop Kessel & Kraut is open: {counts}, from {told['begins']} to {told['ends']}.\n"
        f"Its files, and the truth about it, are in {told['folder']}. Go on with: regulars report"
    )


_UNITS = {
    "products": "products",
    "customers": "customers",
    "orders": "lines of orders",
    "costs": "costs",
    "events": "events of its own",
}
