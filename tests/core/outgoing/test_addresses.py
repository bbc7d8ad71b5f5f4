"""Which addresses an outgoing request reaches: none but the public internet, however they are written."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpcore
import pytest
from hypothesis import given, strategies as st

from regulars.core.outgoing import Forbidden, Outgoing, Policy, Trouble
from regulars.core.outgoing.addresses import closed
from regulars.core.outgoing.targets import read
from regulars.core.outgoing.wire import by_socket
from tests.core.outgoing.listeners import Listener, listening, saying

# What the fake resolver answers; a name that is not here does not exist.
NAMES = {
    "localhost": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "app.localhost": ["127.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "7f000001.nip.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "six.example": ["::ffff:127.0.0.1"],
    "nat.example": ["64:ff9b::7f00:1"],
    "zoned.example": ["fe80::1%lo"],
    "intranet": ["10.0.0.5"],
    "xn--80ak6aa92e.com": ["127.0.0.1"],
    "nonsense.example": ["not an address"],
}

# A port takes the place of {p}: the canary's. Every one of these would reach 127.0.0.1 or its like if it were believed.
FORMS = """
http://127.0.0.1:{p}/
http://127.0.0.1.:{p}/
http://127.1:{p}/
http://127.0.1:{p}/
http://2130706433:{p}/
http://0x7f000001:{p}/
http://0x7F.0x0.0x0.0x1:{p}/
http://0177.0.0.1:{p}/
http://0177.0.0.01:{p}/
http://017700000001:{p}/
http://0x7f.1:{p}/
http://127.0.0.0x1:{p}/
http://00000177.1:{p}/
http://0:{p}/
http://0.0.0.0:{p}/
http://00.00.00.00:{p}/
http://127.255.255.254:{p}/
http://1.2.3.4.5:{p}/
http://256.0.0.1:{p}/
http://4294967296:{p}/
http://08.0.0.1:{p}/
http://0x:{p}/
http://１２７.０.０.１:{p}/
http://127。0。0。1:{p}/
http://①②⑦.⓪.⓪.①:{p}/
http://[::1]:{p}/
http://[0:0:0:0:0:0:0:1]:{p}/
http://[::]:{p}/
http://[::ffff:127.0.0.1]:{p}/
http://[::ffff:7f00:1]:{p}/
http://[::127.0.0.1]:{p}/
http://[64:ff9b::127.0.0.1]:{p}/
http://[64:ff9b::7f00:1]:{p}/
http://[64:ff9b:1::7f00:1]:{p}/
http://[2002:7f00:1::]:{p}/
http://[2001:0:7f00:1::]:{p}/
http://[2001:0:5db8:d822::80ff:fffe]:{p}/
http://[2607:f8b0::5efe:127.0.0.1]:{p}/
http://[fe80::1%25lo]:{p}/
http://[fe80::1%lo]:{p}/
http://[::1%25lo]:{p}/
http://[fd00::1]:{p}/
http://[ff02::1]:{p}/
http://[::1:{p}/
http://::1:{p}/
http://localhost:{p}/
http://LOCALHOST:{p}/
http://localhost.:{p}/
http://localhost..:{p}/
http://ⓛocalhost:{p}/
http://app.localhost:{p}/
http://ip6-localhost:{p}/
http://127.0.0.1.nip.example:{p}/
http://7f000001.nip.example:{p}/
http://metadata.example:{p}/
http://169.254.169.254:{p}/latest/meta-data/
http://both.example:{p}/
http://six.example:{p}/
http://nat.example:{p}/
http://zoned.example:{p}/
http://intranet:{p}/
http://аррӏе.com:{p}/
http://nonsense.example:{p}/
http://public.example@127.0.0.1:{p}/
http://public.example:80@127.0.0.1:{p}/
http://public.example%40127.0.0.1:{p}/
http://127.0.0.1:{p}#@public.example/
http://127.0.0.1:{p}?@public.example/
http://127.0.0.1:{p}\\@public.example/
http://public.example\\@127.0.0.1:{p}/
http://127.0.0.1%09:{p}/
http://%31%32%37.0.0.1:{p}/
http://127.0.0.1%00.public.example:{p}/
http:\\\\127.0.0.1:{p}/
http:/127.0.0.1:{p}/
http:127.0.0.1:{p}/
http:///127.0.0.1:{p}/
//127.0.0.1:{p}/
127.0.0.1:{p}
HTTP://127.0.0.1:{p}/
hTTps://127.0.0.1:{p}/
https://127.0.0.1:{p}/
http+unix://%2Fvar%2Frun%2Fdocker.sock/
unix:/var/run/docker.sock
file:///etc/passwd
file://127.0.0.1:{p}/etc/passwd
gopher://127.0.0.1:{p}/_GET
ftp://127.0.0.1:{p}/
dict://127.0.0.1:{p}/
ws://127.0.0.1:{p}/
data:text/plain,x
javascript:alert(1)
http://127.0.0.1:{p}:80/
http://127.0.0.1:+{p}/
http://127.0.0.1:0{p}0/
http://127.0.0.1:/
http://
""".strip().splitlines()
# These hold letters that the table above cannot show.
INVISIBLE = [
    "http://127.0.0.1\t:{p}/",
    "\thttp://127.0.0.1:{p}/",
    " http://127.0.0.1:{p}/",
    "ht\ntp://127.0.0.1:{p}/",
    "http://127.0.0.1:{p}/\r\nHost: public.example",
    "http://127.0.0.1\u200b:{p}/",
    "http://127.0.0.\u00ad1:{p}/",
    "http://\u202e1.0.0.721:{p}/",
    "http://127.0.0.1:{p}/\x00",
    "http://127\u30020\uff0e0\uff611:{p}/",
    "http://loc\u017fhost.localhost:{p}/",
    "http://\ud800.example:{p}/",
]


@pytest.fixture
def canary() -> Iterator[Listener]:
    with listening(saying(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")) as listener:
        yield listener


def fake(host: str, port: int) -> Sequence[str]:
    if host not in NAMES:
        raise OSError("no such name")
    return NAMES[host]


@pytest.mark.parametrize("form", FORMS + INVISIBLE)
def test_no_form_of_an_address_reaches_the_inside(form: str, canary: Listener) -> None:
    # Everything is open but the inside: every port, no TLS needed. The address check alone must hold.
    outgoing = Outgoing(Policy(ports=frozenset(range(65536)), is_plain_allowed=True), fake)
    with pytest.raises(Trouble) as refused:
        outgoing.request("POST", form.replace("{p}", str(canary.port)), body=b"x", timeout=5)
    assert refused.value.code in ("forbidden", "dns")
    assert canary.n_connections == 0


def test_the_canary_sings_when_it_is_called(canary: Listener) -> None:
    outgoing = Outgoing(Policy(trusted=frozenset({f"127.0.0.1:{canary.port}"})), fake)
    assert outgoing.request("GET", f"http://127.0.0.1:{canary.port}/").status == 200
    assert canary.n_connections == 1


class Internet:
    """The public internet, played by one listener: which addresses were called, and which of them do not answer."""

    def __init__(self, listener: Listener, silent: frozenset[str] = frozenset()) -> None:
        self.listener, self.silent = listener, silent
        self.called: list[tuple[str, int]] = []

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.called.append((address, port))
        if address in self.silent:
            raise httpcore.ConnectError
        return by_socket("127.0.0.1", self.listener.port, seconds)


OPEN = Policy(is_plain_allowed=True)


def test_a_name_that_turns_inside_is_asked_once_for_each_connection_and_never_called(canary: Listener) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    internet = Internet(canary)
    outgoing = Outgoing(OPEN, lambda host, port: next(answers), connect=internet.connect)
    assert outgoing.request("GET", "http://rebind.example/").status == 200
    with pytest.raises(Forbidden, match="this machine itself"):
        outgoing.request("GET", "http://rebind.example/")
    assert internet.called == [("93.184.216.34", 80)]


def test_the_next_address_is_tried_when_one_does_not_answer(canary: Listener) -> None:
    internet = Internet(canary, frozenset({"2606:4700::1111"}))
    outgoing = Outgoing(OPEN, lambda host, port: ["2606:4700::1111", "1.1.1.1", "9.9.9.9"], connect=internet.connect)
    assert outgoing.request("GET", "http://shop.example/").status == 200
    assert internet.called == [("2606:4700::1111", 80), ("1.1.1.1", 80)]


def test_a_public_address_that_is_written_as_one_number_is_called_without_asking_for_names(canary: Listener) -> None:
    internet = Internet(canary)
    assert Outgoing(OPEN, fake, connect=internet.connect).request("GET", "http://16843009/").status == 200
    assert internet.called == [("1.1.1.1", 80)]


def test_a_redirect_to_the_inside_is_an_answer_and_not_a_request(canary: Listener) -> None:
    moved = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{canary.port}/\r\nContent-Length: 0\r\n\r\n"
    with listening(saying(moved.encode())) as door:
        outgoing = Outgoing(Policy(trusted=frozenset({f"127.0.0.1:{door.port}"})), fake)
        assert outgoing.request("GET", f"http://127.0.0.1:{door.port}/").status == 302
    assert canary.n_connections == 0


def test_a_trusted_target_is_trusted_on_its_port_and_under_its_name_only(canary: Listener) -> None:
    outgoing = Outgoing(Policy(trusted=frozenset({f"localhost:{canary.port}", "metadata.example:80"})), fake)
    assert outgoing.request("GET", f"http://localhost:{canary.port}/").status == 200
    for url in (f"http://127.0.0.1:{canary.port}/", "http://localhost:1/", "http://metadata.example/"):
        with pytest.raises(Forbidden):
            outgoing.request("GET", url)
    assert canary.n_connections == 1


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://shop.example/", "without encryption"),
        ("https://shop.example:22/", "Port 22"),
        ("https://shop.example:70000/", "no port"),
        ("https://bo:hunter2@shop.example/", "before an @"),
        ("ftp://shop.example/", "begin with https"),
        ("https://shop.example/" + "x" * 5000, "longer than"),
        ("https://shop.example/a b", "invisible"),
        ("https://shop.example/a\nb", "invisible"),
        ("https://shop.example/a\\b", "invisible"),
        ("https://shop.example/\u202eb", "invisible"),
        (f"https://{'a' * 64}.example/", "characters that no name has"),
    ],
)
def test_a_refusal_says_what_to_do_and_repeats_no_secret(url: str, sentence: str) -> None:
    with pytest.raises(Forbidden, match=sentence) as refused:
        read(url, Policy())
    assert "hunter2" not in str(refused.value)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_in_every_dress(number: int) -> None:
    what = closed(IPv4Address(number))
    assert closed(IPv6Address(f"::ffff:{IPv4Address(number)}")) == what
    assert closed(IPv6Address(f"64:ff9b::{IPv4Address(number)}")) == what
    assert bool(closed(IPv6Address((0x2002 << 112) | (number << 80)))) == bool(what)
    for form in (str(number), hex(number), f"0{number:o}"):
        assert read(f"https://{form}/", Policy()).host == str(IPv4Address(number))


@given(st.integers(0, 2**128 - 1))
def test_what_is_open_is_global_for_the_standard_library_too(number: int) -> None:
    address = IPv6Address(number)
    assert closed(address) or address.is_global


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e", "64:ff9b::101:101"]
)
def test_the_public_internet_is_open(text: str) -> None:
    assert closed(ip_address(text)) == ""
