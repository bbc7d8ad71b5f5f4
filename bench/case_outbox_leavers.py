"""People leave by the one-click link of their mails during a broadcast: none begins behind the answer that they get."""

import http.client
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import outbox_shop
from bench.recording_sink import Recording
from bench.web_server import free_port, reachable

DOORS = 2  # who leave at one moment
AHEAD = 30  # places before their own, at most, at which they press


def run(quick: bool = False) -> dict[str, Any]:
    """Let people leave while the shop's own sender delivers, and compare when they were answered with when their mails began."""
    count, leavers = (1_000, 50) if quick else (50_000, 2_000)
    start = time.perf_counter()
    found = {name: left(server, count, leavers) for name, server in outbox_shop.servers().items()}
    is_right = all(not one.wrong(leavers) for one in found.values())
    return {
        "case": "outbox",
        "name": f"{leavers:,} people leave during a broadcast of {count:,}",
        "ours_s": time.perf_counter() - start,
        "peer": "",
        "peer_s": None,
        "ratio": None,
        "target": "no mail begins after its 200",
        "met": is_right,
        "equal": is_right,
        "note": "; ".join(f"{name}: {one.said(leavers)}" for name, one in found.items())
        + ("" if "PostgreSQL" in found else "; no PostgreSQL here, so SQLite only"),
    }


@dataclass
class Left:
    """What was seen: when each leaver was answered, how late their mails began and ended against that, and what is known of all."""

    answered: dict[int, float] = field(default_factory=dict)
    answered_on_the_clock: dict[int, float] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)  # statuses other than 200
    began_behind: list[float] = field(default_factory=list)
    ended_behind: list[float] = field(default_factory=list)
    marked_behind: int = 0
    n_got: int = 0
    twice: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def spared(self, leavers: int) -> int:
        """Return how many left in time to get nothing."""
        return leavers - self.n_got

    def wrong(self, leavers: int) -> bool:
        """Say whether a mail began behind an answer, or somebody was not answered, or anything is missing."""
        some_are_spared = self.n_got < leavers
        is_whole = len(self.answered) == leavers and not self.refused and set(self.states) <= {"sent", "refused"}
        return bool(self.began_behind or self.marked_behind or self.twice) or not (is_whole and some_are_spared)

    def said(self, leavers: int) -> str:
        """Tell it."""
        last = f", the last {1000 * max(self.ended_behind):.1f} ms" if self.ended_behind else ""
        return (
            f"{len(self.began_behind)} began behind it, {self.marked_behind} were decided on behind it; "
            f"{self.spared(leavers):,} of {leavers:,} got none; {len(self.ended_behind)} that were under way ended behind it{last}; "
            f"{self.states}"
        )


def left(server: str, count: int, leavers: int) -> Left:
    """Run a broadcast to so many people of whom so many leave, evenly over its course."""
    with (
        tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder,
        outbox_shop.database(server) as url,
        Recording(Path(folder) / "mails") as sink,
    ):
        shop, port = outbox_shop.opened(Path(folder) / "home", url), free_port()
        shop.say("list", str(count), str(sink.port))
        shop.say("broadcast", str(count))
        links, places = shop.say("links", str(count)), {key: who for key, (who, _) in shop.say("kept").items()}
        with reachable(shop, port):
            sender = shop.command("run", "--messages")
            found = _while_sending(Course(sink, places), port, links, leavers)
            while set(shop.say("states")) & set(outbox_shop.IN_HAND):
                time.sleep(0.5)
            sender.terminate()
            sender.wait()
        return _compared(found, sink, shop)


@dataclass(frozen=True)
class Course:
    """How far a broadcast is, which goes to its people in order."""

    sink: Recording
    places: dict[str, int]

    def has_come_to(self, who: int) -> bool:
        """Say whether somebody behind them, or just before, has a mail."""
        newest = self.sink.newest()
        return bool(newest) and self.places[newest] >= who


def _while_sending(course: Course, port: int, links: list[str], leavers: int) -> Left:
    """Press the links of people all over the list, each when the broadcast is about to come to them."""
    found, count, lock, rng = Left(), len(links), threading.Lock(), random.Random(7)
    waiting = iter(range(leavers))

    def press() -> None:
        while (turn := next_turn()) is not None:
            who, ahead = turn * count // leavers, rng.randrange(AHEAD)
            while not course.has_come_to(who - ahead):
                time.sleep(0.001)
            status = one_click(port, links[who])
            with lock:
                found.answered[who + 1], found.answered_on_the_clock[who + 1] = time.monotonic(), time.time()
                found.refused += [status] if status != 200 else []

    def next_turn() -> int | None:
        with lock:
            return next(waiting, None)

    doors = [threading.Thread(target=press) for _ in range(DOORS)]
    for door in doors:
        door.start()
    for door in doors:
        door.join()
    return found


def one_click(port: int, path: str) -> int:
    """Leave as a mailbox does it (RFC 8058); return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body, form = "List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, body, form | {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _compared(found: Left, sink: Recording, shop: outbox_shop.Shop) -> Left:
    kept = shop.say("kept")
    found.states = shop.say("states")
    who = {key: customer for key, (customer, _) in kept.items()}
    marks = [(found.answered_on_the_clock.get(who[key]), mark) for key, mark in shop.say("marks").items()]
    found.marked_behind = sum(at is not None and mark > at for at, mark in marks)
    found.twice = sum(n > 1 for n in sink.copies().values())
    for mail in sink.mails():
        at = found.answered.get(who[mail.key])
        if at is None:
            continue
        found.n_got += 1
        found.began_behind += [mail.data_at - at] if mail.data_at > at else []
        found.ended_behind += [mail.dot_at - at] if mail.dot_at > at else []
    return found
