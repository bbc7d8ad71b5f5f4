"""A shop for the runs that prove the outbox, on the home and the database of its environment, each word a process of its own:

`python -m bench.outbox_shop ask N` asks for N mails, `… send PORT` hands them to a server of this machine until none is left,
with a gate that lets everything pass, `… list N PORT` makes a mailing list with a route to it, `… broadcast N` asks for a
letter to each on the list, `… links N` prints the addresses by which they leave, `… states`, `… kept` and `… marks` say what became of the mails.
"""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import mailing_list

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "from regulars.cli import main; main()"
IN_HAND = ("queued", "leased", "dot", "deferred")


@dataclass(frozen=True)
class Shop:
    """The environment in which the shop's processes run."""

    env: Mapping[str, str]

    def start(self, *words: str, **how: Any) -> "subprocess.Popen[str]":
        """Start one of the words above."""
        return self._start([sys.executable, "-m", "bench.outbox_shop", *words], **how)

    def command(self, *words: str, **how: Any) -> "subprocess.Popen[str]":
        """Start `regulars …` as a user would."""
        return self._start([sys.executable, "-c", COMMAND, *words], stderr=subprocess.DEVNULL, **how)

    def say(self, *words: str) -> Any:
        """Do one of the words above, and return what it said as JSON."""
        process = self.start(*words, stderr=subprocess.PIPE)
        out, wrong = process.communicate()
        if process.returncode:
            raise RuntimeError(wrong[-2000:])
        return json.loads(out) if out else None

    def _start(self, call: Sequence[str], **how: Any) -> "subprocess.Popen[str]":
        return subprocess.Popen(call, env=dict(self.env), cwd=ROOT, stdout=subprocess.PIPE, text=True, **how)


def opened(home: Path, url: str = "", **more: str) -> Shop:
    """Return a shop on a home and a database of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return Shop(kept | mailing_list.surroundings(home, url) | path | more)


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make a database of one's own on a PostgreSQL server, gone afterwards; blank stays blank, which is SQLite."""
    if not server:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = f"regulars_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as one:
        one.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.rpartition("/")[0] + "/" + name
        finally:
            one.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def servers() -> dict[str, str]:
    """Return the databases that there are to run on, by name: SQLite, and PostgreSQL where the environment names one."""
    url = os.environ.get("REGULARS_TEST_DATABASE_URL", "")
    return {"SQLite": "", **({"PostgreSQL": url} if url else {})}


def main() -> None:
    """Do the words of the command line."""
    import django

    django.setup()
    do(sys.argv[1:])


def warm() -> None:
    """Read what sending needs, before a nest divides itself."""
    import regulars.messaging.channels.smtp.channel
    import regulars.messaging.outbox.delivering  # noqa: F401


def do(words: Sequence[str]) -> None:
    """Do these words."""
    match list(words):
        case ["ask", count]:
            _ask(int(count))
        case ["send", port]:
            _send(int(port))
        case ["list", count, port]:
            _list(int(count), int(port))
        case ["broadcast", count]:
            mailing_list.broadcast(range(1, int(count) + 1), _now())
        case ["links", count]:
            print(json.dumps(_links(int(count))))
        case ["states"]:
            print(json.dumps(mailing_list.states()))
        case ["kept"]:
            print(json.dumps(_kept()))
        case ["marks"]:
            print(json.dumps(_marks()))


def _kept() -> dict[str, tuple[int, str]]:
    """Return whose each message is and its state, by its key."""
    from regulars.messaging.models import Message

    rows = Message.objects.values_list("key", "customer_id", "state")
    return {key: (customer, state) for key, customer, state in rows}


def _marks() -> dict[str, float]:
    """Return when each message was marked as one that the server may have, by its key."""
    from regulars.messaging.models import Message

    return {key: at.timestamp() for key, at in Message.objects.exclude(dot_at=None).values_list("key", "dot_at")}


def _now() -> datetime:
    from regulars.core import clock

    return clock.utc_now()


def _ask(count: int) -> None:
    from django.core.management import call_command
    from django.db import transaction

    from regulars.messaging.outbox.asking import Request, request

    call_command("migrate", verbosity=0)
    told = {"name": "news", "occurrence": "june", "channel": "email", "template": "news"}
    for start in range(0, count, 10_000):
        with transaction.atomic():
            request([Request(customer_id=n + 1, **told) for n in range(start, min(start + 10_000, count))], _now())


def _list(count: int, port: int) -> None:
    from django.core.management import call_command

    from regulars.messaging import api as messaging

    call_command("migrate", verbosity=0)
    now = _now()
    mailing_list.enlist(count, now, mailing_list.awake(now))
    told = {
        "sender": "news@shop.example",
        "host": "127.0.0.1",
        "port": str(port),
        "security": "none",
        "connections": "4",
    }
    messaging.put_route("sink", "smtp", told, "bench", now)
    messaging.activate_route("sink", "bench", now)


def _links(count: int) -> list[str]:
    """Return the paths by which the first so many people leave, as their mails would carry them."""
    from regulars.consent import api as consent
    from regulars.messaging.models import Message

    keys = dict(Message.objects.filter(customer_id__lte=count).values_list("customer_id", "key"))
    return [f"/u/{consent.unsubscribe_token(n, 'email', '', keys[n])}" for n in range(1, count + 1)]


def _send(port: int) -> None:
    from regulars.core import clock
    from regulars.messaging.channels.smtp.channel import SmtpChannel
    from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
    from regulars.messaging.models import Message
    from regulars.messaging.outbox.delivering import Delivery, run_once

    channel = SmtpChannel(SmtpSettings(host="127.0.0.1", port=port, security=Security.NONE))
    delivery = Delivery({"email": channel}, _open_gate(), _writer(), clock.utc_now)
    while Message.objects.filter(state__in=IN_HAND).exists():
        if not run_once(clock.utc_now(), delivery):
            time.sleep(0.1)


def _open_gate() -> Any:
    from regulars.messaging.outbox.delivering import Decision

    class Open:
        def decisions(self, held: Sequence[Any], now: datetime) -> Sequence[Any]:
            return [Decision("send")] * len(held)

        def last_word(self, held: Sequence[Any], now: datetime) -> Mapping[str, str]:
            return {}

        def not_yet(self, held: Sequence[Any], now: datetime) -> Mapping[str, Any]:
            return {}

    return Open()


def _writer() -> Any:
    from regulars.messaging.letters import Letter

    class Writer:
        def letters(self, held: Sequence[Any], now: datetime) -> Iterator[tuple[Any, Any]]:
            for one in held:
                told = {"text": "June in the shop.\n" * 20, "html": "<p>June in the shop.</p>" * 20}
                to, subject = f"customer{one.customer_id}@shop.example", f"News for {one.customer_id}"
                about = {"channel": "email", "is_marketing": True, "sender": "news@shop.example"}
                yield one, Letter(key=one.key, to=to, subject=subject, created_at=one.created_at, **told, **about)

    return Writer()


if __name__ == "__main__":
    main()
