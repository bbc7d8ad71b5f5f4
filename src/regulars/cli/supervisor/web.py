"""The web server's process: granian with WSGI, one worker, two threads."""

import os
import signal

THREADS = 2


def serve(host: str, port: int) -> None:
    """Serve the app until asked to stop."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from regulars.cli.supervisor.alone import end_when_alone

    end_when_alone(lambda: os.kill(os.getpid(), signal.SIGTERM))
    Server(
        "regulars.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()
