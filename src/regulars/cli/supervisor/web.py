"""The web server's process: granian with WSGI, one worker, two threads."""

import importlib
import os
import signal
from collections.abc import Callable
from typing import Any

THREADS = 2
APPLICATION = "regulars.config.wsgi"
# Its few lines go where ours go, and look like them.
LOGGING: dict[str, Any] = {
    "handlers": {},
    "formatters": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


def serve(host: str, port: int, is_child: bool) -> None:
    """Serve the app until asked to stop."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from regulars.cli.supervisor.alone import end_when_alone

    if is_child:
        end_when_alone(lambda: os.kill(os.getpid(), signal.SIGTERM))
    Server(
        f"{__name__}:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        log_access=False,
    ).serve()


def application() -> Callable[..., Any]:
    """Return the app in the server's worker process, which ends when the server is killed: else it would hold the port."""
    from regulars.cli.supervisor.alone import end_with_parent

    end_with_parent()
    made: Callable[..., Any] = importlib.import_module(APPLICATION).application
    return made
