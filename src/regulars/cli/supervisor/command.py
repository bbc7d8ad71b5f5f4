"""`regulars start`: the app, its loop and its worker, looked after by one command."""

import contextlib
import os
import socket
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from regulars.cli.app import app, refuse, say, start as set_up
from regulars.core import settings

Host = Annotated[str, typer.Option("--host", help="The address to listen at; 0.0.0.0 is every one of this machine.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65_535, help="The port to listen at.")]
Demo = Annotated[bool, typer.Option("--demo", help="Open the demo shop when the home is empty.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


@app.command("start")
def start(host: Host = "127.0.0.1", port: Port = 8300, demo: Demo = False, no_browser: NoBrowser = False) -> None:
    """Run the app with its loop and its worker until stopped with Ctrl+C.

    Example: regulars start
    """
    now = set_up()
    with _only_one():
        _refuse_taken(host, port)
        from regulars.access import api as access
        from regulars.cli.supervisor.children import Child, Family, this_command
        from regulars.events import api as events
        from regulars.jobs import api as jobs

        if demo and not events.newest():
            jobs.ask("demo", {}, "start", now)
        address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"  # noqa: S104  compared, not bound
        say(f"Regulars is at {address}  (Ctrl+C stops it; its home is {settings.current().home})")
        if not access.owner_exists():
            say(f"Nobody owns it yet. From another machine: {address}owner?token={access.owner_link(now)}")
        if not no_browser and sys.stdout.isatty():
            webbrowser.open(address)
        family = (
            Child("the web server", this_command("serve", "--host", host, "--port", str(port))),
            Child("the loop", this_command("run")),
            Child("the worker of jobs", this_command("run", "--jobs")),
        )
        Family(family, say).run()
    say("stopped")


@app.command("serve", hidden=True)
def serve(host: Host = "127.0.0.1", port: Port = 8300) -> None:
    """Run the web server alone; `regulars start` does this by itself.

    Example: regulars serve --port 8300
    """
    set_up()
    from regulars.cli.supervisor.web import serve as serve_app

    serve_app(host, port)


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Hold this home's lock file for the block; another start in the same home is refused with its pid."""
    path = settings.current().home / "start.lock"
    with path.open("a+") as handle:
        if not _locked(handle):
            handle.seek(0)
            refuse(
                f"Regulars already runs in this home (process {handle.read().strip() or 'unknown'}); stop it first, or set REGULARS_HOME"
            )
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
    Path(path).unlink(missing_ok=True)


def _locked(handle: TextIO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: two starts there meet at the port
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            refuse(f"cannot listen at {host}:{port} ({problem.strerror}); choose another with --port")
