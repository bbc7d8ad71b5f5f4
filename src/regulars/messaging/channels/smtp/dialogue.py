"""What is said on one connection, in order: greeting, encryption, sign-in, then letter after letter.

It reads like a talk with somebody who answers at once. Each `yield` names what it needs to go on; the lane that runs it
comes back when that is there, or throws the trouble in.
"""

from base64 import b64encode
from collections.abc import Generator, Sequence
from enum import Enum, auto
from typing import Any, Protocol

from regulars.messaging.channels.mails.mime import Mail
from regulars.messaging.channels.smtp import replies
from regulars.messaging.channels.smtp.load import Load
from regulars.messaging.channels.smtp.replies import Reply, Trouble
from regulars.messaging.channels.smtp.settings import Security, SmtpSettings
from regulars.messaging.channels.smtp.wire import Place, Wire

# A mail of up to so many bytes leaves in TCP's first ten segments, whatever the distance (RFC 6928). It gains nothing by
# leaving ahead of its final dot, and one write in place of two makes the hand-off faster by half.
ONE_FLIGHT = 14_000
KNOCK = 10.0  # seconds; a fresh connection is sooner made than waited for


class Need(Enum):
    """What a dialogue waits for."""

    CONNECTED = auto()
    SHAKEN = auto()
    REPLY = auto()
    GONE_OUT = auto()
    DOT = auto()
    WORK = auto()


Waiting = tuple[Need, float]  # what for, and how many seconds at most
Script = Generator[Waiting, Any, None]
Asked = Generator[Waiting, Any, Reply]
Welcomed = Generator[Waiting, Any, bool]

FOR_DOT: Waiting = (Need.DOT, float("inf"))
FOR_WORK: Waiting = (Need.WORK, float("inf"))


class Lane(Protocol):
    """Whose connection it is: what the dialogue asks for and tells."""

    settings: SmtpSettings
    places: Sequence[Place]
    wire: Wire
    offers: dict[str, str]
    is_pipelined: bool
    is_set_up: bool
    is_kept: bool
    load: Load

    def open_wire(self, place: Place) -> None:
        """Begin to connect to an address of the server, after leaving the one before."""
        ...

    def start_tls(self) -> None:
        """Begin to encrypt; nothing may have been said that was not asked for."""
        ...

    def has_unasked(self) -> bool:
        """Return whether the server said something that was not asked for."""
        ...


def dialogue(lane: Lane) -> Script:
    """Say everything that there is to say on one connection; ends in order or with Trouble."""
    yield from _greeting(lane)
    lane.is_set_up = True
    yield from _letters(lane)
    yield from _ask(lane, "QUIT")


def _ask(lane: Lane, line: str) -> Asked:
    lane.wire.send(line.encode() + b"\r\n")
    reply: Reply = yield (Need.REPLY, lane.settings.reply_timeout)
    return reply


def _greeting(lane: Lane) -> Script:
    security = lane.settings.security
    yield from _connection(lane)
    if security is Security.TLS:
        yield from _encryption(lane)
    reply = yield (Need.REPLY, lane.settings.reply_timeout)
    if reply.code != 220:
        raise replies.told("the connection", reply)
    yield from _introduction(lane)
    if security is Security.STARTTLS:
        if "STARTTLS" not in lane.offers:
            raise Trouble("tls", "The mail server offers no encryption; the settings ask for it.")
        reply = yield from _ask(lane, "STARTTLS")
        if reply.code != 220:
            raise Trouble("tls", f"The mail server refused encryption: {reply.text}")
        yield from _encryption(lane)
        yield from _introduction(lane)  # what was offered in the open counts no more
    if lane.settings.user:
        yield from _sign_in(lane)


def _connection(lane: Lane) -> Script:
    """Try the server's addresses one after the other."""
    problem = Trouble("connect", "The mail server's name leads to no address.")
    for place in lane.places:
        try:
            lane.open_wire(place)
            yield (Need.CONNECTED, lane.settings.connect_timeout)
        except Trouble as trouble:
            problem = trouble
        else:
            return
    raise problem


def _encryption(lane: Lane) -> Script:
    lane.start_tls()
    yield (Need.SHAKEN, lane.settings.connect_timeout)


def _introduction(lane: Lane) -> Script:
    name = lane.settings.helo or lane.wire.here
    lane.offers, lane.is_pipelined = {}, False
    reply = yield from _ask(lane, f"EHLO {name}")
    if reply.code == 250:
        for line in reply.lines[1:]:
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            lane.offers[word.upper()] = rest.upper()
        lane.is_pipelined = "PIPELINING" in lane.offers
        return
    if reply.code == 421:
        raise replies.told("our greeting", reply)
    reply = yield from _ask(lane, f"HELO {name}")
    if reply.code != 250:
        raise replies.told("our greeting", reply)


def _sign_in(lane: Lane) -> Script:
    user, password, ways = lane.settings.user, lane.settings.password, lane.offers.get("AUTH", "").split()
    if "PLAIN" in ways:
        reply = yield from _ask(lane, "AUTH PLAIN " + _base64(f"\0{user}\0{password}"))
    elif "LOGIN" in ways:
        reply = yield from _ask(lane, "AUTH LOGIN")
        for secret in (user, password):
            if reply.code != 334:
                break
            reply = yield from _ask(lane, _base64(secret))
    else:
        raise Trouble("auth", "The mail server offers no way to sign in that we know (PLAIN or LOGIN).")
    if reply.code != 235:
        raise replies.told("the user or the password", reply)


def _letters(lane: Lane) -> Script:
    """Hand letters over until there are none, or as many as one connection may take."""
    mail, is_announced = (yield from _next(lane)), False
    for n in range(1, lane.settings.letters_per_connection + 1):
        if mail is None:
            return
        following = None
        if (yield from _envelope(lane, mail, is_announced)):
            held_back = yield from _content(lane, mail)
            is_last = n == lane.settings.letters_per_connection
            following = lane.load.take(lane.offers) if lane.is_pipelined and not is_last else None
            yield from _end_of_mail(lane, held_back, following)
        else:
            yield from _ask(lane, "RSET")  # what was accepted of the envelope must not mix with the next one
        is_announced = following is not None
        if n < lane.settings.letters_per_connection:
            mail = following or (yield from _next(lane))


def _next(lane: Lane) -> Generator[Waiting, Any, Mail | None]:
    """Take a letter, or wait until one comes back from another connection; None when all is done."""
    while (mail := lane.load.take(lane.offers)) is None:
        if not (yield FOR_WORK):
            return None
        if lane.is_kept:
            yield from _knock(lane)
    return mail


def _knock(lane: Lane) -> Script:
    """Ask on a connection that was idle whether it still stands, before a letter goes on it."""
    lane.wire.send(b"RSET\r\n")
    reply = yield (Need.REPLY, min(KNOCK, lane.settings.reply_timeout))
    if reply.code != 250:
        raise replies.told("a connection that was idle", reply)
    lane.is_kept, lane.is_set_up = False, True


def _envelope(lane: Lane, mail: Mail, is_announced: bool) -> Welcomed:
    """Name sender and recipient and ask to send the content; return whether it may come."""
    commands, waiting = _commands(lane, mail), (Need.REPLY, lane.settings.reply_timeout)
    if lane.is_pipelined and not is_announced:
        lane.wire.send(b"".join(commands))
    is_welcome = True
    for command, wanted in zip(commands, (2, 2, 3), strict=True):
        if not lane.is_pipelined:
            if not is_welcome:
                break
            lane.wire.send(command)
        reply = yield waiting
        if is_welcome and reply.code // 100 != wanted:
            _refused(lane, reply)
            is_welcome = False
        elif not is_welcome and reply.code == 354:  # it would take a mail for nobody; only leaving is safe
            raise Trouble("junk", "The mail server wants a mail whose recipient it refused.")
    return is_welcome


def _refused(lane: Lane, reply: Reply) -> None:
    if reply.code == 421:
        raise Trouble("421", f"The mail server closed the connection: {reply.text}")
    if reply.code < 400:
        raise Trouble("junk", f"The mail server's answer does not fit: {reply.code} {reply.text}")
    lane.load.settle(reply)


def _commands(lane: Lane, mail: Mail) -> tuple[bytes, bytes, bytes]:
    size = f" SIZE={len(mail.content)}" if "SIZE" in lane.offers else ""
    more = " BODY=8BITMIME SMTPUTF8" if mail.is_international else ""
    return f"MAIL FROM:<{mail.sender}>{size}{more}\r\n".encode(), f"RCPT TO:<{mail.to}>\r\n".encode(), b"DATA\r\n"


def _content(lane: Lane, mail: Mail) -> Generator[Waiting, Any, bytes]:
    """Send everything but the final dot and wait until that may follow; return what was held back until then."""
    content = stuffed(mail.content)
    if len(content) > ONE_FLIGHT:
        lane.wire.send(content)
        content = b""
        if lane.wire.has_backlog:
            yield (Need.GONE_OUT, lane.settings.reply_timeout)
    if lane.has_unasked():
        raise Trouble("junk", "The mail server spoke when it was not its turn.")
    yield FOR_DOT
    return content


def _end_of_mail(lane: Lane, held_back: bytes, following: Mail | None) -> Script:
    """Send the final dot, with the next letter's envelope behind it (RFC 2920 allows that), and hear the verdict."""
    lane.load.is_behind_dot = True
    lane.wire.send(b"".join((held_back, b".\r\n", *(_commands(lane, following) if following else ()))))
    reply = yield (Need.REPLY, lane.settings.dot_timeout)
    if 300 <= reply.code < 400:
        raise Trouble("junk", f"The mail server's answer does not fit: {reply.code} {reply.text}")
    lane.load.settle(reply)
    if reply.code == 421:
        raise Trouble("421", f"The mail server closed the connection: {reply.text}")


def stuffed(content: bytes) -> bytes:
    """Double the dots that begin a line, so that none of them ends the mail (RFC 5321, 4.5.2).

    >>> stuffed(b"one\\r\\n.two\\r\\n")
    b'one\\r\\n..two\\r\\n'
    """
    content = content.replace(b"\r\n.", b"\r\n..") if b"\r\n." in content else content
    return b"." + content if content.startswith(b".") else content


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
