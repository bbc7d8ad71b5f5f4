"""Names of domains: written one way, and the organisational domain above them."""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


def domain_of(text: str) -> str:
    """Return the domain of an address or of a name, in lower case and without a dot at the end; blank for what is none.

    >>> domain_of("News@Mail.Shop.Example."), domain_of("shop.example"), domain_of("shop"), domain_of("a b.de")
    ('mail.shop.example', 'shop.example', '', '')
    """
    name = text.strip().rpartition("@")[2].rstrip(".").lower()
    labels = name.split(".")
    return name if len(labels) > 1 and len(name) < 254 and all(map(_LABEL.fullmatch, labels)) else ""


def organisation(domain: str) -> str:
    """Return the organisational domain (RFC 7489, 3.2): what somebody registered right below a public suffix, whoever runs that;
    a public suffix has nobody above it and is its own.

    >>> organisation("news.mail.shop.example"), organisation("mail.shop.co.uk"), organisation("co.uk")
    ('shop.example', 'shop.co.uk', 'co.uk')
    """
    return _suffixes().privatesuffix(domain) or domain


@cache
def _suffixes() -> PublicSuffixList:
    # The list comes with the package; nothing is fetched.
    return PublicSuffixList()


def is_aligned(domain: str, with_from: str, is_strict: bool) -> bool:
    """Say whether a domain is aligned with that of From: the same, or, relaxed, of the same organisation.

    >>> is_aligned("mail.shop.example", "shop.example", False), is_aligned("mail.shop.example", "shop.example", True)
    (True, False)
    """
    return domain == with_from or (not is_strict and organisation(domain) == organisation(with_from))
