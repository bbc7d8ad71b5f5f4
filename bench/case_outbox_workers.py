"""Two and four sending processes on one queue: nothing is sent twice, nothing is left, on each database that there is."""

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import outbox_shop
from bench.recording_sink import Recording


def run(quick: bool = False) -> dict[str, Any]:
    """Let two and then four senders drain a queue; the answer is that each mail came once and is known as sent."""
    count = 1_000 if quick else 100_000
    shared = {
        (name, senders): drained(server, count, senders)
        for name, server in outbox_shop.servers().items()
        for senders in ((4,) if quick else (2, 4))
    }
    told = [f"{name}, {n} workers {count / seconds:,.0f}/s" for (name, n), (seconds, _) in shared.items()]
    missing = "" if "PostgreSQL" in outbox_shop.servers() else "; no PostgreSQL here, so SQLite only"
    is_right = all(fault == "" for _, fault in shared.values())
    return {
        "case": "outbox",
        "name": f"two and four workers on one queue of {count:,} messages",
        "ours_s": max(seconds for seconds, _ in shared.values()),
        "peer": "",
        "peer_s": None,
        "ratio": None,
        "target": "0 twice, 0 left",
        "met": is_right,
        "equal": is_right,
        "note": "; ".join([*told, *(fault for _, fault in shared.values() if fault)]) + missing,
    }


def drained(server: str, count: int, senders: int) -> tuple[float, str]:
    """Return how long so many senders took, and what went wrong, blank for nothing."""
    with (
        tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder,
        outbox_shop.database(server) as url,
        Recording(Path(folder) / "mails") as sink,
    ):
        shop = outbox_shop.opened(Path(folder) / "home", url)
        shop.say("ask", str(count))
        start = time.perf_counter()
        running = [shop.start("send", str(sink.port)) for _ in range(senders)]
        codes = [one.wait() for one in running]
        seconds = time.perf_counter() - start
        copies, states = sink.copies(), shop.say("states")
    repeated = sum(n - 1 for n in copies.values())
    wrong = repeated or len(copies) != count or states != {"sent": count} or any(codes)
    fault = f"{repeated} twice, {count - len(copies)} never came, states {dict(Counter(states))}, ended with {codes}"
    return seconds, fault if wrong else ""
