"""Case 6: mails handed to a mail server that only counts, beside what that server can take at all, in the same run."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bench import smtp_sink
from regulars.messaging.channels.mails.mime import assemble
from regulars.messaging.channels.smtp.channel import SmtpChannel
from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
from regulars.messaging.letters import Letter, State

CONNECTIONS = 4
ROUNDS = 5
ROW = '<tr><td style="padding:0 12px 24px">Hello Ann, the {} you looked at costs 12.50 € until Sunday.</td></tr>\n'
HTML = f'<html><body><table width="100%">\n{"".join(ROW.format(n) for n in range(26))}</table></body></html>\n'
TEXT = "Hello Ann,\n\nthe things you looked at cost less until Sunday.\n" * 8


def run(quick: bool = False) -> dict[str, Any]:
    """Hand the same mails over by the channel and by a client that writes prepared bytes, in turn.

    The hand-off alone has its mails assembled before; how fast it is with assembling is in the note.
    """
    letters = [_letter(number) for number in range(2_000 if quick else 20_000)]
    mails = {letter.key: assemble(letter) for letter in letters}
    prepared = smtp_sink.prepared([mail.content for mail in mails.values()])
    ours, with_assembling, limit, answers = [], [], [], set()
    with _Server() as server:
        settings = SmtpSettings(
            host="127.0.0.1",
            port=server.port,
            security=Security.NONE,
            connections=CONNECTIONS,
            letters_per_connection=len(letters),
        )
        alone = SmtpChannel(settings, assemble=lambda letter: mails[letter.key])
        whole = SmtpChannel(settings)
        for _ in range(3 if quick else ROUNDS):
            limit.append(_timed(lambda: smtp_sink.blast(server.port, prepared, CONNECTIONS)))
            answers.add(server.count())
            ours.append(_timed(lambda: _deliver(alone, letters)))
            answers.add(server.count())
            with_assembling.append(_timed(lambda: _deliver(whole, letters)))
            answers.add(server.count())
    assembling = _timed(lambda: [assemble(letter) for letter in letters])
    n, size = len(letters), len(prepared[0]) - len(smtp_sink.ENVELOPE) - 3
    ours_s, peer_s = statistics.median(ours), statistics.median(limit)
    return {
        "case": 6,
        "name": f"SMTP hand-off of {n:,} mails of {size:,} bytes",
        "ours_s": ours_s,
        "peer": "limit: prepared bytes",
        "peer_s": peer_s,
        "ratio": peer_s / ours_s,
        "target": ">= 0.5x of the limit's speed",
        "met": peer_s / ours_s >= 0.5,
        "equal": answers == {(n, sum(len(mail.content) - 2 for mail in mails.values()))},
        "note": f"{n / ours_s:,.0f} of {n / peer_s:,.0f} mails/s to a server in Python, {CONNECTIONS} connections, no pause at "
        f"the dot; with assembling {n / statistics.median(with_assembling):,.0f}/s, assembling alone {n / assembling:,.0f}/s",
    }


class _Server:
    """The counting server, a process of its own."""

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "bench.smtp_sink"]
        here = Path(__file__).resolve().parents[1]
        self._process = subprocess.Popen(words, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())
        self._part()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()

    def count(self) -> tuple[int, ...]:
        """Return how many mails and bytes came since the last time."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return tuple(map(int, self._line().split()))

    def _part(self) -> None:
        """Give the server a core of its own: left alone, the kernel puts both on one, which flatters the ratio."""
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        if len(cores) > 1:
            os.sched_setaffinity(0, cores[:1])
            os.sched_setaffinity(self._process.pid, cores[1:2])

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _letter(number: int) -> Letter:
    return Letter(
        key=f"{number:032x}",
        channel="email",
        is_marketing=True,
        to=f"customer{number}@shop.example",
        to_name=f"Ann Lee {number}",
        sender="hello@store.example",
        sender_name="The Store",
        subject=f"Ann, {number % 90 + 10} things until Sunday",
        text=TEXT,
        html=HTML,
        headers={
            "List-Unsubscribe": f"<https://store.example/u/{number:032x}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        created_at=datetime(2024, 6, 1, 12, number % 60, tzinfo=UTC),
    )


def _deliver(channel: SmtpChannel, letters: list[Letter]) -> None:
    states = [outcome.state for _, outcome in channel.deliver(letters, frozenset)]
    assert states == [State.SENT] * len(letters)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
