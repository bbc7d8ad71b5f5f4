"""How one mail server is reached."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from regulars.messaging.channels.mails.addresses import Unsendable, mailbox

_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_HELO = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[A-Za-z0-9.:]{1,60}\]")


class Security(StrEnum):
    """When the connection is encrypted: never, after STARTTLS (never without it), or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class WrongSettings(ValueError):
    """Settings that cannot work; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """One mail server. Times are in seconds.

    bounces_to is where other servers report failures, {key} in it standing for the letter's key; blank for the letter's
    sender. reply_timeout is for each answer before the final dot, dot_timeout for the one behind it: the server may have
    taken the mail already, so RFC 5321 (4.5.3.2.6) waits ten minutes.
    Between two deliveries a connection is kept for keep_seconds; 0 keeps none.
    """

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 4
    letters_per_connection: int = 200
    keep_seconds: float = 30
    helo: str = ""
    bounces_to: str = ""
    connect_timeout: float = 30
    reply_timeout: float = 300
    dot_timeout: float = 600

    def __post_init__(self) -> None:
        for is_wrong, sentence in self._rules():
            if is_wrong:
                raise WrongSettings(sentence)
        try:
            mailbox(self.bounces_to.replace("{key}", "0" * 32) or "a@example.com")
        except Unsendable as problem:
            raise WrongSettings(f"The address for bounces cannot be used. {problem}") from None

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        times = (self.connect_timeout, self.reply_timeout, self.dot_timeout)
        is_bare = self.security is Security.NONE and bool(self.user) and not self._is_this_machine
        return (
            (not _HOST.fullmatch(self.host), "The mail server's name has letters, digits, dots and hyphens only."),
            (not 0 < self.port < 65536, "The mail server's port is a number from 1 to 65535, mostly 587, 465 or 25."),
            (not 1 <= self.connections <= 100, "Use 1 to 100 connections to the mail server; 4 are a good start."),
            (self.letters_per_connection < 1, "At least one letter has to go over a connection."),
            (self.keep_seconds < 0, "A connection is kept for 0 seconds or more."),
            (min(times) <= 0, "Time-outs are more than 0 seconds."),
            (bool(self.helo) and not _HELO.fullmatch(self.helo), "The name to greet with is a host name."),
            (is_bare, "A password may not travel unencrypted; set the security to starttls or tls."),
        )

    @property
    def _is_this_machine(self) -> bool:
        return self.host in ("localhost", "::1") or self.host.startswith("127.")
