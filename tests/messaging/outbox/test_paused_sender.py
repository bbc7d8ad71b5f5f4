"""A sender is stopped by SIGSTOP past its lease and goes on: what it held is another's, and it neither sends nor writes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.messaging.channels.sink import Sink
from tests.messaging.outbox.test_killed_sender import environment, start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="only on POSIX: this system cannot stop a process"),
]
MESSAGES, LEASE = 60, 2
ROWS = (
    "import os,json,django;os.environ['DJANGO_SETTINGS_MODULE']='regulars.config.settings';django.setup();"
    "from regulars.messaging.models import Message;print(json.dumps(list(Message.objects.order_by('id').values()),default=str))"
)


def rows(env: dict[str, str]) -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, "-c", ROWS], env=env, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def stopped(sender: "subprocess.Popen[str]") -> bool:
    """Wait until a process has stopped itself; say whether it did, and did not end."""
    return os.WIFSTOPPED(os.waitpid(sender.pid, os.WUNTRACED)[1])


def test_one_paused_before_its_dots_sends_nothing_later(tmp_path: Path, fresh_database_url: str) -> None:
    env = environment(tmp_path / "home", fresh_database_url)
    assert start(env, "ask", str(MESSAGES)).wait(timeout=120) == 0
    with Sink() as sink:
        paused = start(env, "send", str(sink.port), str(LEASE), "before")
        assert stopped(paused)
        assert {row["state"] for row in rows(env)} == {"leased"}
        time.sleep(LEASE)
        assert start(env, "send", str(sink.port)).wait(timeout=120) == 0
        before, dots = rows(env), list(sink.dots)
        paused.send_signal(signal.SIGCONT)
        assert paused.wait(timeout=120) == 0
        assert sink.dots == dots
        assert rows(env) == before
    assert {row["state"] for row in before} == {"sent"}
    assert Counter(dot.key for dot in dots) == {row["key"]: 1 for row in before}


def test_one_paused_behind_its_marks_sends_once_what_is_listed_as_unknown_meanwhile(
    tmp_path: Path, fresh_database_url: str
) -> None:
    env = environment(tmp_path / "home", fresh_database_url)
    assert start(env, "ask", str(MESSAGES)).wait(timeout=120) == 0
    with Sink() as sink:
        paused = start(env, "send", str(sink.port), str(LEASE), "behind")
        assert stopped(paused)
        marked = {row["key"] for row in rows(env) if row["state"] == "dot"}
        assert 0 < len(marked) <= 4
        time.sleep(LEASE)
        assert start(env, "send", str(sink.port)).wait(timeout=120) == 0
        assert {row["key"] for row in rows(env) if row["state"] == "unknown"} == marked
        assert not marked & set(sink.taken)
        paused.send_signal(signal.SIGCONT)
        assert paused.wait(timeout=120) == 0
        copies, after = Counter(sink.taken), rows(env)
    assert max(copies.values()) == 1
    assert {row["key"] for row in after if row["state"] == "sent"} == copies.keys()
    assert {row["key"] for row in after if row["state"] == "unknown"} == {row["key"] for row in after} - copies.keys()
