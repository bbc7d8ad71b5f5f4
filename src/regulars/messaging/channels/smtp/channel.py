"""The SMTP channel: a few connections to one mail server, looked after by one loop."""

import selectors
import socket
import ssl
import time
import weakref
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Self

from regulars.messaging.channels.mails.dkim import Signer
from regulars.messaging.channels.mails.mime import Mail, assemble
from regulars.messaging.channels.smtp.batch import Assemble, Batch
from regulars.messaging.channels.smtp.dialogue import Need
from regulars.messaging.channels.smtp.lane import Lane, Surroundings
from regulars.messaging.channels.smtp.resting import Resting
from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
from regulars.messaging.channels.smtp.wire import Place
from regulars.messaging.letters import Dot, Letter, Outcome

FAREWELL = 2.0  # seconds


class SmtpChannel:
    """Hands letters to one mail server; goes nowhere else.

    signer puts a DKIM signature on each mail, unless the mail server does that; context checks certificates, by default
    against those that this machine trusts. assemble makes a mail of a letter.
    """

    name = "smtp"
    channel = "email"
    is_idempotent = False

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        signer: Signer | None = None,
        context: ssl.SSLContext | None = None,
        assemble: Assemble | None = None,
    ) -> None:
        self.lanes = settings.connections
        self._settings = settings
        is_bare = settings.security is Security.NONE
        self._context = None if is_bare else context or ssl.create_default_context()
        self._assemble = assemble or partial(_mail, settings.bounces_to, signer)
        self._resting = Resting(settings.keep_seconds, settings.connections)
        # When nobody has this channel any more, or the process ends, its connections do too.
        self._farewell = weakref.finalize(self, self._resting.close)

    def close(self) -> None:
        """Take leave of the server; the next delivery connects anew."""
        self._resting.close()

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        """Hand letters over; see messaging.letters.Channel. Idle connections are kept for a while for the next letters."""
        batch = Batch(letters, self._assemble)
        with _Run(self._settings, self._context, batch, self._resting) as run:
            while batch.n_open:
                run.staff()
                run.listen()
                yield from batch.told()
                run.ask(dot)
            yield from batch.told()
            run.say_goodbye()


class _Run:
    """One delivery: its lanes and the loop that wakes them."""

    def __init__(self, settings: SmtpSettings, context: ssl.SSLContext | None, batch: Batch, resting: Resting) -> None:
        self._selector = selectors.DefaultSelector()
        self._batch, self._resting, self._keeps = batch, resting, settings.keep_seconds > 0
        places = _places(settings) if batch.n_open else []
        around = Surroundings(settings, places, context, self._selector, batch)
        n_lanes = min(settings.connections, batch.n_open)
        self._lanes = resting.take(n_lanes)
        for lane in self._lanes:
            lane.join(around)
        self._lanes += [Lane(around) for _ in range(n_lanes - len(self._lanes))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for lane in self._lanes:
            lane.close()
        self._selector.close()

    def staff(self) -> None:
        """Give what waits to lanes that rest; end it when no lane is left."""
        if not self._batch.waiting:
            return
        n_coming = sum(lane.is_setting_up for lane in self._lanes)
        for lane in self._lanes:
            if len(self._batch.waiting) > n_coming and lane.is_resting:
                if lane.need is Need.WORK:
                    lane.resume(True)
                else:
                    lane.start()
                n_coming += lane.is_setting_up
        if all(lane.need is None and lane.is_retired for lane in self._lanes):
            self._batch.defer_all()

    def listen(self, *, waits: bool = True) -> None:
        """Wake the lanes whose server has spoken or whose time is over; wait for one unless there is other work."""
        has_work = self._batch.has_news or any(lane.need is Need.DOT for lane in self._lanes)
        first = min(lane.deadline for lane in self._lanes)
        seconds = max(0.0, first - time.monotonic()) if waits and not has_work else 0
        for key, mask in self._selector.select(None if seconds == float("inf") else seconds):
            key.data.ready(mask)
        now = time.monotonic()
        if first <= now:
            for lane in self._lanes:
                if lane.deadline <= now:
                    lane.expire()

    def ask(self, dot: Dot) -> None:
        """Ask once for all lanes that stand before their final dot, and let those go on that may."""
        waiting = [lane for lane in self._lanes if lane.need is Need.DOT]
        if not waiting:
            return
        allowed = dot([lane.load.key for lane in waiting])
        for lane in waiting:
            if lane.load.key not in allowed:
                lane.withhold()
        self.listen(waits=False)  # who left meanwhile has surely taken nothing
        for lane in waiting:
            if lane.need is Need.DOT:
                lane.resume(None)

    def say_goodbye(self) -> None:
        """Keep what can be kept, leave the rest as the protocol wants it, and do not wait long for servers that are slow
        to let us go."""
        if self._keeps:
            kept = [lane for lane in self._lanes if lane.rests()]
            self._lanes = [lane for lane in self._lanes if lane not in kept]
            self._resting.put(kept)
        end = time.monotonic() + FAREWELL
        while [lane for lane in self._lanes if lane.leaves(end)]:
            self.listen()


def _mail(bounces_to: str, signer: Signer | None, letter: Letter) -> Mail:
    mail = assemble(letter, bounces_to)
    return mail._replace(content=signer.sign(mail.content)) if signer else mail


def _places(settings: SmtpSettings) -> list[Place]:
    """Return the addresses of the mail server, none when its name is not known."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [(socket.AddressFamily(family), address) for family, _, _, _, address in found]
