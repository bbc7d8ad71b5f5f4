"""The sender is killed by SIGKILL again and again with a queue in flight to a mail server that writes down every final dot."""

import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import outbox_shop
from bench.nest import Nest
from bench.recording_sink import Recording

CONNECTIONS = 4
PATIENCE = 60.0  # seconds in which a sender comes as far as where it is to be killed
OPEN = {"unknown", "failed", "deferred"}


def run(quick: bool = False) -> dict[str, Any]:
    """Kill the sender at random moments while it sends, then let it end; everybody has 0 or 1 mails, and what is not there is listed."""
    count, kills = (1_000, 3) if quick else (100_000, 200)
    start = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder,
        Recording(Path(folder) / "mails") as sink,
    ):
        shop = outbox_shop.opened(Path(folder) / "home")
        shop.say("ask", str(count))
        with Nest("bench.outbox_shop", shop.env) as nest:
            done = _killed(nest, sink, count, kills)
            code = nest.wait(nest.start("send", str(sink.port)))
        copies, kept = sink.copies(), {key: state for key, (_, state) in shop.say("kept").items()}
    seconds = time.perf_counter() - start
    told = judged(copies, kept, done)
    is_right = not code and done == kills and len(kept) == count and not told["wrong"]
    return {
        "case": "outbox",
        "name": f"the sender killed {done} times with {count:,} messages",
        "ours_s": seconds,
        "peer": "",
        "peer_s": None,
        "ratio": None,
        "target": "0 or 1 copies; what is not there is listed; unknown <= connections x kills",
        "met": is_right,
        "equal": is_right,
        "note": f"{len(copies):,} came, {told['twice']} twice, {told['unknown']} unknown of {CONNECTIONS * done} allowed"
        + (f"; wrong: {told['wrong']}" if told["wrong"] else ""),
    }


def judged(copies: Counter[str], kept: dict[str, str], kills: int) -> dict[str, Any]:
    """Compare what came with what is known of it."""
    states = Counter(kept.values())
    twice = sum(n > 1 for n in copies.values())
    unsent = {key for key, state in kept.items() if state == "sent"} - copies.keys()
    hidden = {state for key, state in kept.items() if key not in copies} - OPEN
    wrong = {
        "twice": twice,
        "sent and not there": len(unsent),
        "not there and not listed": sorted(hidden),
        "more unknown than connections": max(0, states["unknown"] - CONNECTIONS * kills),
        "of no message": len(copies.keys() - kept.keys()),
    }
    return {"twice": twice, "unknown": states["unknown"], "wrong": {name: n for name, n in wrong.items() if n}}


def _killed(nest: Nest, sink: Recording, count: int, kills: int) -> int:
    """Kill so many senders, each somewhere in its share of the queue; return how many were killed while they ran."""
    rng, done = random.Random(5), 0
    share = count / (kills + 1)
    for turn in range(kills):
        sender, aim = nest.start("send", str(sink.port)), share * (turn + rng.uniform(0.2, 1.0))
        until = time.monotonic() + PATIENCE
        while sink.n_mails < aim and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(rng.uniform(0.0, 0.01))
        os.kill(sender, signal.SIGKILL)
        done += nest.wait(sender) == -signal.SIGKILL
    return done
