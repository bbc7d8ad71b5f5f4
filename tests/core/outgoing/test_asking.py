"""How far a request came: refused, failed before a byte left, or maybe sent; and what an answer brings back."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from regulars.core.outgoing import BeforeSending, Forbidden, MaybeSent, Outgoing, Policy, of_the_house
from regulars.core.settings import BadSetting, current, read
from tests.core.outgoing.listeners import Listener, Play, certified, head, listening, saying

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def way(listener: Listener, **settings: object) -> Outgoing:
    trusted = {f"{host}:{listener.port}" for host in ("127.0.0.1", "shop.example", "other.example")}
    return Outgoing(Policy(trusted=frozenset(trusted)), lambda host, port: ["127.0.0.1"], **settings)  # type: ignore[arg-type]


def url(listener: Listener, scheme: str = "http", host: str = "127.0.0.1") -> str:
    return f"{scheme}://{host}:{listener.port}/in?x=1"


def test_a_request_arrives_as_it_was_written() -> None:
    heard = []

    def play(connection: socket.socket) -> None:
        heard.append(head(connection))
        connection.sendall(OK)

    with listening(play) as server:
        answer = way(server).request("POST", url(server), headers={"X-Key": "k"}, body=b"body")
    assert (answer.status, answer.body, answer.is_whole) == (200, b"ok", True)
    lines = heard[0].split(b"\r\n")
    assert lines[0] == b"POST /in?x=1 HTTP/1.1"
    assert {f"Host: 127.0.0.1:{server.port}".encode(), b"X-Key: k", b"Content-Length: 4"} <= set(lines)
    assert lines[-1] == b"body"


def test_neither_the_environment_nor_a_cookie_changes_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    heard = []

    def play(connection: socket.socket) -> None:
        for _ in range(2):
            heard.append(head(connection))
            connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")

    with listening(play) as server:
        outgoing = way(server)
        for _ in range(2):
            assert outgoing.request("GET", url(server)).status == 200
        assert server.n_connections == 1
    assert len(heard) == 2
    assert not any(b"cookie" in one.lower() for one in heard)


def test_a_closed_port_is_before_sending() -> None:
    with listening(saying(OK)) as server:
        pass
    with pytest.raises(BeforeSending) as problem:
        way(server).request("POST", url(server), body=b"x")
    assert problem.value.code == "connect"


def test_a_name_that_does_not_exist_and_a_resolver_that_never_answers_are_before_sending() -> None:
    never = threading.Event()

    def missing(host: str, port: int) -> list[str]:
        raise OSError

    def stuck(host: str, port: int) -> list[str]:
        never.wait()
        return []

    for resolve in (missing, stuck):
        with pytest.raises(BeforeSending) as problem:
            Outgoing(Policy(), resolve).request("GET", "https://shop.example/", timeout=0.1)
        assert problem.value.code == "dns"
    never.set()


def test_the_way_of_the_house_trusts_what_the_settings_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(saying(OK)) as server:
        with pytest.raises(Forbidden):
            of_the_house().request("GET", url(server))
        monkeypatch.setenv("REGULARS_PRIVATE_TARGETS", f"Gateway.lan:80,127.0.0.1:{server.port}")
        current.cache_clear()
        assert of_the_house().request("GET", url(server)).status == 200
        assert of_the_house() is of_the_house()
        assert of_the_house().policy.trusts("gateway.lan", 80)


def test_a_private_target_without_a_port_is_answered_with_what_to_do() -> None:
    with pytest.raises(BadSetting, match="host:port"):
        read({"REGULARS_PRIVATE_TARGETS": "10.0.0.5"})


def silent(connection: socket.socket) -> None:
    head(connection)
    connection.recv(1)


def dropping(connection: socket.socket) -> None:
    head(connection)


def cutting(connection: socket.socket) -> None:
    head(connection)
    connection.sendall(b"HTTP/1.1 20")


def babbling(connection: socket.socket) -> None:
    head(connection)
    connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")


def trickling(connection: socket.socket) -> None:
    head(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: 1\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("play", "code"),
    [(silent, "timeout"), (dropping, "drop"), (cutting, "drop"), (babbling, "garbled"), (trickling, "timeout")],
)
def test_a_failure_after_the_request_left_is_maybe_sent(play: Play, code: str) -> None:
    with listening(play) as server, pytest.raises(MaybeSent) as problem:
        way(server).request("POST", url(server), body=b"x", timeout=0.4)
    assert problem.value.code == code


def test_a_server_that_does_not_read_is_maybe_sent_at_the_deadline() -> None:
    over = threading.Event()
    with listening(lambda connection: over.wait() and None) as server, pytest.raises(MaybeSent) as problem:
        way(server).request("POST", url(server), body=b"x" * 50_000_000, timeout=0.4)
    over.set()
    assert problem.value.code == "timeout"


def test_a_kept_connection_that_the_server_closed_is_not_used_again() -> None:
    with listening(saying(OK)) as server:
        outgoing = way(server)
        assert outgoing.request("POST", url(server), body=b"1").status == 200
        assert server.hung_up.wait(10)
        assert outgoing.request("POST", url(server), body=b"2").status == 200
        assert server.n_connections == 2


def test_a_server_that_drops_the_second_request_of_a_connection_leaves_it_maybe_sent() -> None:
    def play(connection: socket.socket) -> None:
        head(connection)
        connection.sendall(OK)
        head(connection)

    with listening(play) as server:
        outgoing = way(server)
        assert outgoing.request("POST", url(server), body=b"1").status == 200
        with pytest.raises(MaybeSent):
            outgoing.request("POST", url(server), body=b"2")
        assert server.n_connections == 1


def test_many_threads_share_a_way_out_and_each_gets_its_own_answer() -> None:
    def play(connection: socket.socket) -> None:
        while request := head(connection):
            body = request.rpartition(b"\r\n\r\n")[2]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with listening(play) as server, ThreadPoolExecutor(8) as pool:
        outgoing = way(server)
        words = [f"letter {n}".encode() for n in range(400)]
        answers = list(pool.map(lambda word: outgoing.request("POST", url(server), body=word).body, words))
        assert answers == words
        assert server.n_connections <= 8


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz",
    ],
)
def test_a_body_that_breaks_off_leaves_the_status_definite(answer: bytes) -> None:
    with listening(saying(answer)) as server:
        found = way(server).request("POST", url(server), body=b"x")
    assert (found.status, found.body, found.is_whole) == (202, b"half", False)


def test_a_body_is_cut_at_the_limit_and_stays_out_of_what_is_printed() -> None:
    with listening(saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"secret" * 100_000)) as server:
        found = way(server, body_limit=1000).request("GET", url(server))
    assert (len(found.body), found.is_whole) == (1000, False)
    assert "secret" not in repr(found)


def test_an_early_refusal_of_a_long_body_is_heard() -> None:
    def play(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        while connection.recv(65536):
            pass

    with listening(play) as server:
        assert way(server).request("POST", url(server), body=b"x" * 3_000_000).status == 413


@pytest.mark.parametrize(
    "headers",
    [{"X": "a\r\nHost: evil"}, {"X\n": "a"}, {"X": "ü"}, {"": "a"}, {"Host": "evil"}, {"Transfer-Encoding": "chunked"}],
)
def test_a_header_that_could_make_another_request_is_refused(headers: dict[str, str]) -> None:
    with listening(saying(OK)) as server, pytest.raises(Forbidden):
        way(server).request("POST", url(server), headers=headers)
    assert server.n_connections == 0


@pytest.fixture
def proven(tmp_path: Path) -> Iterator[tuple[Listener, Outgoing, list[str | None]]]:
    """A server that proves to be shop.example, a way out that believes its issuer, and the names asked for by SNI."""
    server_side, client_side = certified(tmp_path, "shop.example")
    asked: list[str | None] = []
    server_side.sni_callback = lambda _socket, name, _context: asked.append(name)

    def play(connection: socket.socket) -> None:
        with server_side.wrap_socket(connection, server_side=True) as secure:
            head(secure)
            secure.sendall(OK)

    with listening(play) as server:
        yield server, way(server, tls=client_side), asked


def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    proven: tuple[Listener, Outgoing, list[str | None]],
) -> None:
    server, outgoing, asked = proven
    assert outgoing.request("GET", url(server, "https", "shop.example")).status == 200
    assert asked == ["shop.example"]
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(BeforeSending) as problem:
            outgoing.request("GET", url(server, "https", host))
        assert problem.value.code == "tls"


def test_an_issuer_that_nobody_knows_is_before_sending(proven: tuple[Listener, Outgoing, list[str | None]]) -> None:
    server, _, _ = proven
    with pytest.raises(BeforeSending):
        way(server).request("GET", url(server, "https", "shop.example"))


def test_a_server_without_tls_or_one_that_stalls_in_it_is_before_sending() -> None:
    over = threading.Event()
    for play in (saying(OK), lambda connection: over.wait() and None):
        with listening(play) as server, pytest.raises(BeforeSending) as problem:  # type: ignore[arg-type]
            way(server).request("GET", url(server, "https", "shop.example"), timeout=0.3)
        assert problem.value.code == "tls"
    over.set()
