"""`regulars start`: the app, its loop and its worker, looked after by one command."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from regulars.cli.app import app, say, start as set_up
from regulars.core import settings

Host = Annotated[str, typer.Option("--host", help="The address to listen at; 0.0.0.0 is every one of this machine.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65_535, help="The port to listen at.")]
Demo = Annotated[bool, typer.Option("--demo", help="Open the demo shop when the home is empty.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no address, and no link for the owner.")]
IsChild = Annotated[bool, typer.Option("--child", hidden=True, help="End when standard input closes.")]


@app.command("start")
def start(
    host: Host = "127.0.0.1",
    port: Port = 8300,
    demo: Demo = False,
    no_browser: NoBrowser = False,
    quiet: Quiet = False,
) -> None:
    """Run the app with its loop and its worker until stopped with Ctrl+C.

    Example: regulars start
    """
    from regulars.cli.supervisor import address
    from regulars.cli.supervisor.home import only_one

    with only_one(settings.current().home):
        address.refuse_taken(host, port)
        now = set_up()
        from regulars.cli.supervisor.children import Child, Family, this_command

        _prepare(demo, now)
        if not quiet:
            _greet(host, port, now)
        _disconnect()
        if not no_browser and not quiet and sys.stdout.isatty():
            address.open_when_up(address.local(host, port))
        family = (
            Child("the web server", this_command("serve", "--child", "--host", host, "--port", str(port))),
            Child("the loop", this_command("run", "--child")),
            Child("the worker of jobs", this_command("run", "--jobs", "--child")),
            Child("the decider", this_command("run", "--decisions", "--child")),
            Child("the sender", this_command("run", "--messages", "--child")),
        )
        Family(family).run()
    if not quiet:
        say("stopped")


@app.command("serve", hidden=True)
def serve(host: Host = "127.0.0.1", port: Port = 8300, child: IsChild = False) -> None:
    """Run the web server alone; `regulars start` does this by itself.

    Example: regulars serve --port 8300
    """
    set_up()
    _disconnect()
    from regulars.cli.supervisor.web import serve as serve_app

    serve_app(host, port, child)


def _prepare(demo: bool, now: datetime) -> None:
    from regulars.events import api as events
    from regulars.jobs import api as jobs

    if demo and not events.newest():
        jobs.ask("demo", {}, "start", now)


def _greet(host: str, port: int, now: datetime) -> None:
    """Say where the app is, and how its owner gets in while there is none."""
    from regulars.access import api as access
    from regulars.cli.supervisor import address

    told = settings.current()
    say(f"Regulars is at {address.local(host, port)}  (Ctrl+C stops it; its home is {told.home})")
    if not address.is_here_only(host) and not told.hosts:
        say(
            "From another machine it answers under the names in REGULARS_HOSTS only; set that, and see docs/running.md."
        )
    if not access.owner_exists():
        place = address.from_elsewhere(host, port, told.hosts, told.https)
        say(f"Nobody owns it yet. From another machine: {place}owner?token={access.owner_link(now)}")


def _disconnect() -> None:
    """Let go of the database: this process only looks after others from here on, or is about to divide."""
    from django.db import connections

    connections.close_all()
