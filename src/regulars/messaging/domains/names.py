"""Names of domains: written one way, and the organisational domain above them."""

import re

# Suffixes of two parts under which anybody may register. Not the whole public list: the usual ones of shops; of a suffix that is
# missing here, alignment under it must be judged strictly (DMARC's adkim=s, aspf=s say the same).
TWO_PART = frozenset(
    f"{second}.{top}"
    for top, seconds in {
        "ar": "com", "at": "co or", "au": "com net org", "br": "com net org", "cn": "com net org", "cy": "com",
        "hk": "com", "hu": "co", "id": "co", "il": "co org", "in": "co net org", "jp": "co ne or", "ke": "co", "kr": "co or",
        "mx": "com", "my": "com", "nz": "co net org", "pe": "com", "ph": "com", "pk": "com", "pl": "com net org",
        "pt": "com", "sa": "com", "sg": "com", "th": "co", "tr": "com", "tw": "com", "ua": "com", "uk": "co org me ltd plc",
        "vn": "com", "za": "co org",
    }.items()
    for second in seconds.split()
)  # fmt: skip
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
    """Return the organisational domain: the part that is registered.

    >>> organisation("news.mail.shop.example"), organisation("mail.shop.co.uk"), organisation("co.uk")
    ('shop.example', 'shop.co.uk', 'co.uk')
    """
    labels = domain.split(".")
    return ".".join(labels[-3:] if ".".join(labels[-2:]) in TWO_PART else labels[-2:])


def is_aligned(domain: str, with_from: str, is_strict: bool) -> bool:
    """Say whether a domain is aligned with that of From: the same, or, relaxed, of the same organisation.

    >>> is_aligned("mail.shop.example", "shop.example", False), is_aligned("mail.shop.example", "shop.example", True)
    (True, False)
    """
    return domain == with_from or (not is_strict and organisation(domain) == organisation(with_from))
