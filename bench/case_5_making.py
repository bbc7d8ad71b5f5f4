"""Case 5: personalised mails asked for, claimed, decided on by the gate, rendered, made mails of, and written down, in one process."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from bench import mailing_list


class Counter:
    """A channel that makes each letter a mail and counts it; it takes many at once, so that no wire is measured."""

    name, channel, is_idempotent, lanes = "counter", "email", False, 500

    def __init__(self) -> None:
        self.n_mails = self.n_bytes = 0

    def deliver(self, letters: Sequence[Any], dot: Any) -> Iterator[tuple[str, Any]]:
        from regulars.messaging.channels.mails.mime import assemble
        from regulars.messaging.letters import Outcome, State

        taken = Outcome(State.SENT, "2.0.0 Ok: queued", "250", "")
        for start in range(0, len(letters), self.lanes):
            some = letters[start : start + self.lanes]
            mails = {letter.key: assemble(letter) for letter in some}
            for key in dot(list(mails)):
                self.n_mails, self.n_bytes = self.n_mails + 1, self.n_bytes + len(mails[key].content)
                yield key, taken


def run(quick: bool = False) -> dict[str, Any]:
    """Send a broadcast to everybody on the list, once as marketing and once as service mail."""
    count = 2_000 if quick else 100_000
    with mailing_list.opened():
        now = mailing_list.noon()
        mailing_list.enlist(count, now)
        asked_s, sent_s, counter = _broadcast(count, mailing_list.NEWS)
        service_asked_s, service_s, service = _broadcast(count, mailing_list.THANKS)
        states = mailing_list.states()
    whole = asked_s + sent_s
    return {
        "case": 5,
        "name": f"gate + render + MIME + queue of {count:,} personal mails of {counter.n_bytes // count:,} bytes",
        "ours_s": whole,
        "peer": "10,000 mails/s",
        "peer_s": count / 10_000,
        "ratio": count / 10_000 / whole,
        "target": ">= 1x: 10k mails/s per process",
        "met": count / whole >= 10_000,
        "equal": states == {"sent": 2 * count} and counter.n_mails == service.n_mails == count,
        "note": f"{count / whole:,.0f} marketing mails/s, asking for them included; "
        f"service mails {count / (service_asked_s + service_s):,.0f}/s; dots of {Counter.lanes} mails at once",
    }


def _broadcast(count: int, template: str) -> tuple[float, float, Counter]:
    from dataclasses import replace

    from regulars.messaging import sending
    from regulars.messaging.outbox.delivering import run_once
    from regulars.messaging.routes.named import named

    now, counter = mailing_list.noon(), Counter()
    start = time.perf_counter()
    mailing_list.broadcast(range(1, count + 1), now, template, template)
    asked = time.perf_counter()
    run_once(
        now,
        replace(sending.delivery(lambda: now), channels={"email": named(counter, {"sender": "news@store.example"})}),
    )
    return asked - start, time.perf_counter() - asked, counter
