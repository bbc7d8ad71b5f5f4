"""Refusals with their sentences, and how long somebody waits who guessed wrong."""

import ipaddress
from datetime import timedelta

FREE_FOR_EMAIL = 5  # failures in a day before one has to wait
FREE_FOR_ADDRESS = 20  # more: behind one address may sit an office
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)


class Refused(Exception):
    """Access was asked for what it does not do; the message is a sentence for the person who asked."""


class WrongCredentials(Refused):
    """The e-mail and the password do not belong together, or nobody of that e-mail may sign in."""


class TooManyAttempts(Refused):
    """Somebody has to wait before the next attempt; wait says how long."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait


class CodeNeeded(Refused):
    """The password is right; the authenticator's code is asked for too."""


class WrongCode(Refused):
    """The authenticator's code is wrong, out of date or was used before."""


class BadLink(Refused):
    """A one-time link that was never made, was used, has expired or was replaced: always the same sentence."""


class WeakPassword(Refused):
    """The password is easily guessed; the message says why."""


class UnknownUser(Refused):
    """Nobody of that e-mail works here."""


class NotPossible(Refused):
    """What was asked would leave the installation in a state that nobody wants, or was put in a wrong way."""


def pause(failures: int, free: int) -> timedelta:
    """Return how long to wait after so many failures in a day: nothing at first, then doubling up to a quarter of an hour.

    >>> [int(pause(n, 5).total_seconds()) for n in (0, 4, 5, 6, 7, 9, 10, 10_000)]
    [0, 0, 30, 60, 120, 480, 900, 900]
    """
    if failures < free:
        return timedelta(0)
    return min(SHORTEST * (1 << min(failures - free, 10)), LONGEST)


def neighbourhood(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or an IPv6 network of 64 bits, as one household has.

    >>> neighbourhood("203.0.113.9"), neighbourhood("::ffff:203.0.113.9"), neighbourhood("2001:db8:1:2:3::4")
    ('203.0.113.9', '203.0.113.9', '2001:db8:1:2::/64')
    >>> neighbourhood("unix socket")
    'unknown'
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def waiting_words(wait: timedelta) -> str:
    """Say how long, rounded up, so that whoever waits that long is let in.

    >>> waiting_words(timedelta(seconds=1)), waiting_words(timedelta(seconds=60)), waiting_words(timedelta(seconds=61))
    ('1 minute', '1 minute', '2 minutes')
    """
    minutes = max(1, -(-wait // timedelta(minutes=1)))
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
