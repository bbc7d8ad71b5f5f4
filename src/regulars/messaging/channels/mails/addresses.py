"""Addresses as a mail server takes them, and texts with no address left in them."""

import re
from functools import lru_cache

import idna

LONGEST, LONGEST_LOCAL = 254, 64  # RFC 5321, 4.5.3.1; the path's angle brackets are two of its 256 octets

_PLAIN = re.compile(r"([\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)*)", re.ASCII)
_ATOMS = re.compile(r"[^\s\"(),.:;<>@\[\\\]\x00-\x1f\x7f-\x9f]+(?:\.[^\s\"(),.:;<>@\[\\\]\x00-\x1f\x7f-\x9f]+)*")
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


class Unsendable(ValueError):
    """A letter that no mail can be made of; the message says why, without the address."""


def mailbox(address: str) -> str:
    """Return the address with its domain in ASCII, or raise Unsendable; the part before the @ stays as it is.

    >>> mailbox("ann@straße.example")
    'ann@xn--strae-oqa.example'
    >>> mailbox("ann@shop.example\\r\\nRCPT TO:<bo@shop.example>")
    Traceback (most recent call last):
    regulars.messaging.channels.mails.addresses.Unsendable: The address has signs that no e-mail address has; correct it.
    """
    if _PLAIN.fullmatch(address):
        local, domain = address.rsplit("@", 1)
    else:
        local, at, domain = address.rpartition("@")
        if not at or not local or not domain:
            raise Unsendable("The address is no e-mail address: it needs a name, an @ and a domain.")
        if not _ATOMS.fullmatch(local) or not local.isprintable():
            raise Unsendable("The address has signs that no e-mail address has; correct it.")
        domain = ascii_domain(domain)
    if len(local.encode()) > LONGEST_LOCAL or len(local.encode()) + 1 + len(domain) > LONGEST:
        raise Unsendable("The address is longer than an e-mail address can be; correct it.")
    return f"{local}@{domain}"


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """Return a domain as DNS knows it (IDNA 2008), or raise Unsendable.

    >>> ascii_domain("Bücher.example")
    'xn--bcher-kva.example'
    """
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise Unsendable("The domain of the address does not exist in this form; correct it.") from None


def masked(text: str, address: str = "") -> str:
    """Return what a server said without any address; a local part that it repeats alone goes too.

    >>> masked("550 5.1.1 <ann.lee@shop.example>: user ann.lee unknown", "ann.lee@shop.example")
    '550 5.1.1 <…>: user … unknown'
    """
    text = _ANY_ADDRESS.sub("…", text)
    local = address.rpartition("@")[0]
    if len(local) > 2:
        text = re.sub(rf"(?<![^\W_]){re.escape(local)}(?![^\W_])", "…", text, flags=re.IGNORECASE)
    return text
