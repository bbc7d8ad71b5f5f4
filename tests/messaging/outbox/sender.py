"""A sending process for the tests that kill it: `python -m tests.messaging.outbox.sender ask N` and `… send PORT [LEASE WHERE]`, on the
home and the database of its environment. It hands mails to a server on this machine until nothing is left."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regulars.messaging.channels.smtp.channel import SmtpChannel

os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.config.settings"


def main() -> None:
    """Do the words of the command line."""
    import django

    django.setup()
    match sys.argv[1:]:
        case ["ask", count]:
            _ask(int(count))
        case ["send", port]:
            _send(int(port), Pause())
        case ["send", port, seconds, where]:
            _send(int(port), Pause(int(seconds), where))


@dataclass
class Pause:
    """Where this process stops itself, once: "before" its first dot, or "behind" the first mark; its leases are short then."""

    lease: int = 0
    where: str = ""

    def at(self, where: str) -> None:
        if self.where == where:
            self.where = ""
            os.kill(os.getpid(), signal.SIGSTOP)


def _ask(count: int) -> None:
    from django.core.management import call_command
    from django.db import transaction

    from regulars.core import clock
    from regulars.messaging.outbox.asking import Request, request

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        asked = [
            Request(customer_id=n, name="news", occurrence="june", channel="email", template="news")
            for n in range(1, count + 1)
        ]
        request(asked, clock.utc_now())


def _channel(port: int, pause: Pause) -> "SmtpChannel":
    from regulars.messaging.channels.smtp.channel import SmtpChannel
    from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
    from regulars.messaging.letters import Dot, Letter, Outcome

    class Pausing(SmtpChannel):
        def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
            def marked(keys: Sequence[str]) -> frozenset[str]:
                going = dot(keys)
                pause.at("behind")
                return going

            yield from super().deliver(letters, marked)

    return Pausing(SmtpSettings(host="127.0.0.1", port=port, security=Security.NONE, bounces_to="b+{key}@example.org"))


def _send(port: int, pause: Pause) -> None:
    from regulars.core import clock
    from regulars.messaging.letters import Letter
    from regulars.messaging.outbox import holding
    from regulars.messaging.outbox.delivering import Decision, Delivery, run_once
    from regulars.messaging.outbox.holding import Held

    class Open:
        """A gate that lets everything pass: what is tried here is the outbox."""

        def decisions(self, held: Sequence[Held], now: datetime) -> Sequence[Decision]:
            return [Decision("send")] * len(held)

        def last_word(self, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
            return {}

        def not_yet(self, held: Sequence[Held], now: datetime) -> Mapping[str, Decision]:
            return {}

    class Writer:
        def letters(self, held: Sequence[Held], now: datetime) -> Iterator[tuple[Held, Letter | str]]:
            for one in held:
                pause.at("before")
                yield (
                    one,
                    Letter(
                        key=one.key,
                        channel="email",
                        is_marketing=True,
                        to=f"customer{one.customer_id}@example.com",
                        sender="news@example.org",
                        subject=f"News for {one.customer_id}",
                        text="June in the shop.\n" * 20,
                        html="<p>June in the shop.</p>" * 20,
                        created_at=one.created_at,
                    ),
                )

    if pause.lease:
        holding.LEASE = holding.DOT_LEASE = timedelta(seconds=pause.lease)
    channel = _channel(port, pause)
    delivery = Delivery({"email": channel}, Open(), Writer(), clock.utc_now)
    print("ready", flush=True)
    from regulars.messaging.models import Message

    while Message.objects.filter(state__in=("queued", "leased", "dot", "deferred")).exists():
        if not run_once(clock.utc_now(), delivery):
            time.sleep(0.1)


if __name__ == "__main__":
    main()
