"""Reads an address a person typed into the one target it can mean, or refuses it with a sentence."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote

import idna

from regulars.core.outgoing.addresses import Address
from regulars.core.outgoing.troubles import Forbidden

LONGEST = 4096
PORTS = {"http": 80, "https": 443}
# The whole of an address: scheme, authority, the rest up to a fragment, the fragment.
SHAPE = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?#]*)([^#]*)(#.*)?", re.DOTALL)
AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_\-]{0,61}[a-z0-9_])?")
# Letters that a browser drops or turns round: whoever reads the address and whoever connects must see the same.
UNREADABLE = re.compile(
    r"[\x00-\x20\x7f\\\u0080-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Policy:
    """What may be called. trusted are targets inside the own network, `host:port` exactly as in the address; they may
    also be spoken to without TLS. For all others the port must be listed and TLS is a must unless is_plain_allowed."""

    trusted: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset({443, 8443})
    is_plain_allowed: bool = False

    def trusts(self, host: str, port: int) -> bool:
        """Say whether this target is one of the listed ones."""
        return f"{_bracketed(host)}:{port}" in self.trusted


@dataclass(frozen=True)
class Target:
    """Where a request goes: host is a name in ASCII without a final dot, or an IP address in its usual form."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return the value of the Host header.

        >>> Target("https", "::1", 8443, "/").authority
        '[::1]:8443'
        """
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{_bracketed(self.host)}{port}"


def read(url: str, policy: Policy) -> Target:
    """Read an address; raise Forbidden for what may not be called or could be read in two ways.

    >>> read("HTTPS://Bücher.example:443/a b?q=ü#top".replace(" ", "%20"), Policy())
    Target(scheme='https', host='xn--bcher-kva.example', port=443, path='/a%20b?q=%C3%BC')
    >>> read("https://2130706433/", Policy()).host
    '127.0.0.1'
    """
    if len(url) > LONGEST:
        raise Forbidden(f"The address is longer than {LONGEST} characters.")
    if UNREADABLE.search(url):
        raise Forbidden("The address holds spaces, backslashes or invisible characters; write it without.")
    whole = SHAPE.fullmatch(url)
    if not whole or whole[1].lower() not in PORTS:
        raise Forbidden("The address must begin with https://.")
    scheme = whole[1].lower()
    host, port = _authority(whole[2], PORTS[scheme])
    _permit(scheme, host, port, policy)
    path = quote(whole[3], safe="%/?:@!$&'()*+,;=-._~[]")
    return Target(scheme, host, port, path if path.startswith("/") else f"/{path}")


def _permit(scheme: str, host: str, port: int, policy: Policy) -> None:
    if policy.trusts(host, port):
        return
    if scheme == "http" and not policy.is_plain_allowed:
        raise Forbidden(f"{host} would be called without encryption; use https://.")
    if port not in policy.ports and not (scheme == "http" and port == PORTS["http"]):
        allowed = ", ".join(map(str, sorted(policy.ports)))
        raise Forbidden(f"Port {port} of {host} is closed; open are {allowed}.")


def _authority(text: str, default_port: int) -> tuple[str, int]:
    if "@" in text:
        raise Forbidden("The address holds a user name or password before an @; put secrets into a header.")
    parts = AUTHORITY.fullmatch(text)
    if not parts or not parts[1]:
        raise Forbidden("The address names no host that can be read.")
    port = int(parts[2]) if parts[2] else default_port
    if not 0 < port < 65536:
        raise Forbidden(f"There is no port {port}.")
    return _host(parts[1]), port


def _host(text: str) -> str:
    if text.startswith("["):
        return _ipv6(text[1:-1])
    if "%" in text:
        raise Forbidden("The host's name holds a % sign; write the name as it is.")
    name = _ascii(text)
    if _ends_in_a_number(name):
        return str(_ipv4(name))
    if not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Forbidden("The host's name holds characters that no name has.")
    return name


def _ascii(text: str) -> str:
    """Return a name as it is looked up: small letters, wide digits and dots made plain, other scripts in punycode."""
    try:
        # UTS 46, not transitional: the name that today's browsers would call.
        name = idna.uts46_remap(text, std3_rules=False, transitional=False).removesuffix(".")
        encoded = ".".join(
            idna.alabel(label).decode() if not label.isascii() or label.startswith("xn--") else label
            for label in name.split(".")
        )
    except (idna.IDNAError, UnicodeError):
        raise Forbidden("The host's name cannot be written as an internet name.") from None
    if not encoded or len(encoded) > 253:
        raise Forbidden("The address names no host that can be read.")
    return encoded


def _ends_in_a_number(name: str) -> bool:
    """Say whether a C library might take this name for an IPv4 address.

    >>> [_ends_in_a_number(name) for name in ("0x7f.1", "127.0.0.1", "example.com", "1.example")]
    [True, True, False, False]
    """
    return bool(re.fullmatch(r"[0-9]+|0x[0-9a-f]*", name.rpartition(".")[2]))


def _ipv4(name: str) -> IPv4Address:
    """Read the forms of IPv4 that C libraries take: one to four parts, decimal, octal or hexadecimal.

    >>> [str(_ipv4(name)) for name in ("2130706433", "0177.0.0.1", "0x7f.1", "127.0.1")]
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1']
    """
    try:
        *front, last = [_number(part) for part in name.split(".")]
    except ValueError:
        raise Forbidden("The host looks like an IP address and is none.") from None
    if len(front) > 3 or any(part > 255 for part in front) or last >= 256 ** (4 - len(front)):
        raise Forbidden("The host looks like an IP address and is none.")
    return IPv4Address(sum(part << (24 - 8 * place) for place, part in enumerate(front)) + last)


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") and part != "0" else int(part)


def _ipv6(text: str) -> str:
    if "%" in text:
        raise Forbidden("The address names a network interface; that is never outside.")
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        raise Forbidden("The host looks like an IP address and is none.") from None


def literal(host: str) -> Address | None:
    """Return the IP address that a host is, or None for a name.

    >>> literal("127.0.0.1"), literal("example.com")
    (IPv4Address('127.0.0.1'), None)
    """
    if ":" in host:
        return IPv6Address(host)
    return IPv4Address(host) if re.fullmatch(r"[0-9.]+", host) else None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
