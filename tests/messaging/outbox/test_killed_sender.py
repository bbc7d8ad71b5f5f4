"""The sender is killed again and again: nobody gets a mail twice, and what may be lost is listed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.messaging.channels.sink import Sink

pytestmark = pytest.mark.slow
MESSAGES, KILLS, CONNECTIONS = 2_000, 20, 4


def environment(home: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    told = {"REGULARS_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return kept | told | ({"REGULARS_DATABASE_URL": url} if url else {})


def start(env: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    call = [sys.executable, "-m", "tests.messaging.outbox.sender", *words]
    return subprocess.Popen(call, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def states(env: dict[str, str]) -> dict[str, str]:
    """Return each message's state, by its key."""
    code = (
        "import os,json,django;os.environ['DJANGO_SETTINGS_MODULE']='regulars.config.settings';django.setup();"
        "from regulars.messaging.models import Message;print(json.dumps(dict(Message.objects.values_list('key','state'))))"
    )
    import json

    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_a_killed_sender_sends_nothing_twice_and_lists_what_may_be_lost(
    tmp_path: Path, fresh_database_url: str
) -> None:
    env, rng = environment(tmp_path / "home", fresh_database_url), random.Random(5)
    assert start(env, "ask", str(MESSAGES)).wait(timeout=120) == 0
    kills = 0
    with Sink() as sink:
        while kills < KILLS:
            sender = start(env, "send", str(sink.port))
            assert sender.stdout is not None
            if sender.stdout.readline().strip() != "ready":
                break
            time.sleep(rng.uniform(0.0, 0.12))
            ended = sender.poll()
            sender.send_signal(signal.SIGKILL)
            sender.wait()
            if ended is not None:
                break  # everything has left already
            kills += 1
        assert start(env, "send", str(sink.port)).wait(timeout=300) == 0
        copies = Counter(dot.key for dot in sink.dots if dot.is_taken)
    found = states(env)
    assert kills >= KILLS // 2, "it was killed in the middle"
    assert len(found) == MESSAGES
    assert not [key for key, n in copies.items() if n > 1], "nobody gets it twice"
    assert {key for key, state in found.items() if state == "sent"} <= copies.keys()
    assert {state for key, state in found.items() if key not in copies} <= {"unknown", "failed", "deferred"}
    assert Counter(found.values())["unknown"] <= CONNECTIONS * kills


@pytest.mark.parametrize("n_senders", [2, 4])
def test_senders_share_one_queue_and_none_sends_twice(tmp_path: Path, fresh_database_url: str, n_senders: int) -> None:
    env = environment(tmp_path / "home", fresh_database_url)
    assert start(env, "ask", str(MESSAGES)).wait(timeout=120) == 0
    with Sink() as sink:
        senders = [start(env, "send", str(sink.port)) for _ in range(n_senders)]
        assert [one.wait(timeout=300) for one in senders] == [0] * n_senders
        copies = Counter(dot.key for dot in sink.dots if dot.is_taken)
    assert len(copies) == MESSAGES
    assert set(copies.values()) == {1}
    assert set(states(env).values()) == {"sent"}
