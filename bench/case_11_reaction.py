"""Case 11: from a fact told at the door to its message handed to the provider, with the shop's processes under live load."""

import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import outbox_shop
from bench.web_server import free_port, reachable
from tests.core.outgoing.listeners import listening
from tests.walks import thanking

PER_SECOND, ORDERS_OF_TEN = 200, 1
CALLS = 20  # a second, each with its share of the facts
LIMIT_S = 2.0
FIRST = 10_000_000  # beyond the numbers of the facts that are measured


def run(quick: bool = False) -> dict[str, Any]:
    """Tell 200 facts a second, of which one in ten is an order that is thanked for by text, and look when each text arrives."""
    seconds = 5 if quick else 60
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="regulars-bench-")))
        gateway = Arrivals()
        listener = stack.enter_context(listening(gateway.serve))
        set_up = thanking.opened(folder / "home", "", listener.port, has_keys=True)
        shop, port = outbox_shop.Shop(set_up.env), free_port()
        stack.enter_context(reachable(shop, port))
        for words in (("run",), ("run", "--messages")):
            stack.enter_context(running(shop, *words))
        teller = Teller(port, set_up.env["TOKEN"])
        teller.tell(["order"], first=FIRST)  # so that all of them are up
        _wait_for(gateway, teller.told)
        teller.told.clear()
        teller.run(seconds)
        _wait_for(gateway, teller.told)
    took = sorted(gateway.at[to] - at for to, at in teller.told.items() if to in gateway.at)
    p99 = took[int(len(took) * 0.99)] if took else float("inf")
    is_whole = len(took) == len(teller.told) and all(n == 1 for n in gateway.n.values())
    return {
        "case": 11,
        "name": f"a fact in to its text handed over, p99 at {PER_SECOND} facts/s",
        "ours_s": p99,
        "peer": "limit",
        "peer_s": LIMIT_S,
        "ratio": LIMIT_S / p99,
        "target": "p99 < 2 s",
        "met": is_whole and p99 < LIMIT_S,
        "equal": is_whole,
        "note": f"{len(took):,} texts of {teller.n_facts:,} facts in {teller.seconds:.0f} s; median {statistics.median(took):.2f} s, "
        f"longest {took[-1]:.2f} s; the slowest call {max(teller.calls):.2f} s",
    }


@dataclass
class Arrivals:
    """A provider of texts that answers at once and notes when each text came, and how often."""

    at: dict[str, float] = field(default_factory=dict)
    n: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, connection: Any) -> None:
        """Play the provider on one connection."""
        while request := thanking.whole(connection):
            to = json.loads(request.partition(b"\r\n\r\n")[2])["to"]
            with self.lock:
                self.at.setdefault(to, time.monotonic())
                self.n[to] = self.n.get(to, 0) + 1
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")


@dataclass
class Teller:
    """Tells facts at the door at an even pace; told is when each order was, by the phone of who placed it."""

    port: int
    token: str
    told: dict[str, float] = field(default_factory=dict)
    calls: list[float] = field(default_factory=list)
    n_facts: int = 0
    seconds: float = 0.0

    def run(self, seconds: int) -> None:
        """Tell for so many seconds, a call each twentieth of one."""
        kinds = ["order"] * ORDERS_OF_TEN + ["visit"] * (PER_SECOND // CALLS - ORDERS_OF_TEN)
        begin = time.monotonic()
        for turn in range(seconds * CALLS):
            time.sleep(max(0.0, begin + turn / CALLS - time.monotonic()))
            self.tell(kinds, first=turn * len(kinds))
        self.seconds = time.monotonic() - begin

    def tell(self, kinds: list[str], first: int) -> None:
        """Make one call."""
        start = time.monotonic()
        facts = [_fact(kind, first + n) for n, kind in enumerate(kinds)]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        about = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request("POST", "/api/facts", json.dumps(facts), about)
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        if answer.status != 202:
            raise RuntimeError(f"{answer.status} {said[:300]!r}")
        self.calls.append(time.monotonic() - start)
        self.n_facts += len(facts)
        self.told |= {_phone(first + n): start for n, kind in enumerate(kinds) if kind == "order"}


def _phone(n: int) -> str:
    return f"+49151{n:08d}"


def _fact(kind: str, n: int) -> Mapping[str, Any]:
    about = {"event_id": f"fact-{n}", "occurred_at": datetime.now(UTC).isoformat(), "people": {"id": f"c{n}"}}
    if kind == "order":
        fields = {"order_id": f"A{n}", "total": "12.50", "currency": "EUR"}
        return about | {"kind": "order.placed", "people": {"id": f"c{n}", "phone": _phone(n)}, "fields": fields}
    return about | {"kind": "custom.tracked", "fields": {"name": "visit", "properties": json.dumps({"page": n % 100})}}


@contextmanager
def running(shop: outbox_shop.Shop, *words: str) -> Iterator[None]:
    """Run one of the shop's own commands meanwhile."""
    process = shop.command(*words)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(gateway: Arrivals, told: Mapping[str, float]) -> None:
    until = time.monotonic() + 60
    while len(gateway.at) < len(told) and time.monotonic() < until:
        time.sleep(0.1)
