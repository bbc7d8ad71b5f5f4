"""Which IP addresses are the public internet; everything else is somebody's inside."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

LOOPBACK = "this machine itself"
PRIVATE = "a private network"

# The special-purpose registries of IANA (RFC 6890 and its updates), written out: the standard library's flags differ
# from one Python to the next.
CLOSED_V4 = {
    IPv4Network(network): what
    for network, what in {
        "0.0.0.0/8": "no address at all",
        "10.0.0.0/8": PRIVATE,
        "100.64.0.0/10": "a provider's inner network",
        "127.0.0.0/8": LOOPBACK,
        "169.254.0.0/16": "the local link, where clouds keep their keys",
        "172.16.0.0/12": PRIVATE,
        "192.0.0.0/24": "a reserved network",
        "192.0.2.0/24": "a network for examples",
        "192.88.99.0/24": "a relay between internet protocols",
        "192.168.0.0/16": PRIVATE,
        "198.18.0.0/15": "a network for measurements",
        "198.51.100.0/24": "a network for examples",
        "203.0.113.0/24": "a network for examples",
        "224.0.0.0/4": "many machines at once",
        "240.0.0.0/4": "a reserved network",
    }.items()
}
CLOSED_V6 = {
    IPv6Network(network): what
    for network, what in {
        "::/128": "no address at all",
        "::1/128": LOOPBACK,
        "fc00::/7": PRIVATE,
        "fe80::/10": "the local link",
        "ff00::/8": "many machines at once",
        "2001:db8::/32": "a network for examples",
        "3fff::/20": "a network for examples",
        "2001::/23": "a reserved network",
    }.items()
}
GLOBAL_V6 = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
ISATAP = (0x5EFE, 0x0200_5EFE)
# What a shop may open to itself by naming the target.
MAY_BE_OPENED = (LOOPBACK, PRIVATE)


def closed(address: Address) -> str:
    """Say what lies at an address that is not the public internet; blank when it is.

    Where an IPv6 address carries an IPv4 one (mapped, NAT64, 6to4, Teredo, ISATAP), that one is judged too.

    >>> closed(ip_address("93.184.216.34")), closed(ip_address("::ffff:127.0.0.1"))
    ('', 'this machine itself')
    """
    if isinstance(address, IPv4Address):
        return next((what for network, what in CLOSED_V4.items() if address in network), "")
    carried = _carried(address)
    inner = next((what for one in carried if (what := closed(one))), "")
    if inner or address.ipv4_mapped or address in NAT64:
        return inner
    # Teredo lies in a reserved network; whoever still uses it is asked for the machine's real address.
    what = next((what for network, what in CLOSED_V6.items() if address in network), "")
    return what or ("" if address in GLOBAL_V6 else "a reserved network")


def _carried(address: IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address carries."""
    number = int(address)
    found = [one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one is not None]
    if address in NAT64 or (number >> 32) & 0xFFFF_FFFF in ISATAP:
        found.append(IPv4Address(number & 0xFFFF_FFFF))
    return found


def from_text(text: str) -> Address:
    """Read what a resolver answered; ValueError when it is no address."""
    return ip_address(text)
