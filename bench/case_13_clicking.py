"""Case 13, the crowd: fifty people click through the app on ten million orders while orders keep coming in.

The app is started as a user starts it. Each person waits two seconds on the mean between clicks; pages come in the order in
which people open them, the report and the search seldom; each page has been opened once before. Judged are the errors, of which
there may be none, and the 99th percentile of the answers' times as a client in another process sees them.
"""

import http.client
import itertools
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import asked_pages, busy_shop, case_13_pages as pages

PEOPLE, PAUSE_S, SECONDS, P99_S = 50, 2.0, 60.0, 1.0
NEWS_EVERY_S = 5.0
RARE = ("report-page", "sql", "search")  # these are asked for seldom


@dataclass
class Seen:
    """What the crowd saw: the seconds that each page took, and errors."""

    answers: list[tuple[float, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class App:
    """`regulars start` on a home, on a free port of this machine."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        call = [*busy_shop.COMMAND, "start", "--port", str(self.port), "--no-browser", "--quiet"]
        self.process = subprocess.Popen(call, env=busy_shop.environment(home), stderr=subprocess.DEVNULL)

    def ready(self, addresses: Iterable[str]) -> None:
        """Wait until it answers, and open each page once."""
        end = time.monotonic() + 120
        while True:
            try:
                _get(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), "/healthz")
                break
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.3)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        for address in addresses:
            _get(connection, address)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def run(quick: bool = False) -> dict[str, Any]:
    """Let people click, then count errors and order the times."""
    n, seconds = (200_000, 10.0) if quick else (10_000_000, SECONDS)
    home = busy_shop.made(n)
    os.environ.update(busy_shop.environment(home))
    pages.set_up()
    asked = asked_pages.asked(*pages.examples())
    often = [address for name, address in asked.items() if not name.startswith(RARE)]
    choices = [*often * 4, *(address for address in asked.values() if address not in often)]
    app = App(home)
    try:
        app.ready(asked.values())
        seen = _clicked(app.port, choices, seconds)
    finally:
        app.stop()
    return _told(n, seen, seconds)


def _clicked(port: int, choices: list[str], seconds: float) -> Seen:
    until, seen = time.monotonic() + seconds, Seen()
    crowd = [threading.Thread(target=_person, args=(port, choices, until, seed, seen)) for seed in range(PEOPLE)]
    news = threading.Thread(target=_news, args=(until,))
    for one in (*crowd, news):
        one.start()
    for one in (*crowd, news):
        one.join()
    return seen


def _person(port: int, choices: list[str], until: float, seed: int, seen: Seen) -> None:
    rng = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    time.sleep(rng.random() * PAUSE_S)
    while time.monotonic() < until:
        address, start = rng.choice(choices), time.perf_counter()
        try:
            status = _get(connection, address)
            if status >= 400:
                seen.errors.append(f"{address}: {status}")
        except (OSError, http.client.HTTPException) as problem:
            seen.errors.append(f"{address}: {type(problem).__name__}")
            connection.close()
        seen.answers.append((time.perf_counter() - start, address))
        time.sleep(rng.expovariate(1 / PAUSE_S))
    connection.close()


def _get(connection: http.client.HTTPConnection, address: str) -> int:
    connection.request("GET", address)
    response = connection.getresponse()
    response.read()
    return response.status


def _news(until: float) -> None:
    """Let an order come in every few seconds; the app's own loop takes it up."""
    while time.monotonic() < until:
        pages.tell_one()
        time.sleep(NEWS_EVERY_S)


def _told(n: int, seen: Seen, seconds: float) -> dict[str, Any]:
    if not seen.answers:
        raise RuntimeError("nobody got an answer")
    times, errors = [seconds for seconds, _ in seen.answers], seen.errors
    for seconds_taken, address in sorted(seen.answers, reverse=True)[:30]:
        print(f"{seconds_taken * 1000:8,.0f} ms  {address}", file=sys.stderr)
    cut = statistics.quantiles(times, n=100)
    seldom = [f"{kind} × {len(list(same))}" for kind, same in itertools.groupby(sorted(errors))]
    return {
        "case": 13,
        "name": f"{PEOPLE} people clicking for {seconds:.0f} s on {n:,} orders: p99 of {len(times):,} pages",
        "ours_s": cut[98],
        "peer": "limit",
        "peer_s": P99_S,
        "ratio": P99_S / cut[98],
        "target": "p99 < 1 s, no error",
        "met": cut[98] < P99_S and not errors,
        "equal": not errors,
        "note": f"median {cut[49] * 1000:,.0f} ms, largest {max(times) * 1000:,.0f} ms, an order every {NEWS_EVERY_S:.0f} s"
        + (f"; errors: {', '.join(seldom[:5])}" if errors else ""),
    }
