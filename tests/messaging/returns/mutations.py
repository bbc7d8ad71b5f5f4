"""Bad requests made of good ones: a seeded pen that spoils bodies and headers the way that broken and hostile senders do."""

import copy
import json
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

from regulars.messaging.returns import RawRequest

DEEP = "\x00deep\x00"
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, "", [], {}, [[]], [{}], -1, 0, 2**63, 10**30, 1e308, -1e308, 1.5, "\ud800", "half\udfff pair", "\x00",
    "a" * 70_000, "5.1.1", "NaN", "ann@example.com", {"a": {"b": []}}, [None, 7], "9" * 5_000, "\u202e\u0000\n\r", float("nan"),
    float("inf"), DEEP, "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
)  # fmt: skip
ODD_HEADERS = (
    ("Content-Type", ""),
    ("Content-Type", "text/plain"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "multipart/form-data; boundary=\x00é"),
    ("Content-Type", "application/json; charset=utf-16"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "br, gzip"),
    ("Content-Length", "-1"),
    ("svix-id", "\ud800"),
    ("webhook-id", "\udfff\x00"),
    ("X-Hub-Signature-256", "sha256=\udfff"),
    ("X-Twilio-Signature", "é" * 100),
    ("Authorization", "Basic \ud800"),
)


def spoiled(good: RawRequest, random: Random) -> RawRequest:
    """Return a request with one to three things wrong."""
    bad = good
    for _ in range(random.randint(1, 3)):
        bad = random.choice((_value, _value, _value, _bytes, _cut, _header, _whole))(bad, random)
    return bad


def _value(good: RawRequest, random: Random) -> RawRequest:
    """Put an odd value in a random place, take a field out, or tell it twice."""
    try:
        tree = json.loads(good.body)
    except (ValueError, RecursionError):
        fields = parse_qsl(good.body.decode("utf-8", "replace"), keep_blank_values=True)
        spot = random.randrange(len(fields) + 1)
        odd = str(random.choice(ODD_VALUES)).encode("utf-8", "surrogatepass")
        fields[spot : spot + random.randint(0, 1)] = [(random.choice(["To", "Body", "ErrorCode", "x"]), odd)]  # type: ignore[list-item]
        return replace(good, body=urlencode(fields).encode())
    holders = [holder for holder in _holders(tree) if holder]
    if not holders:
        return replace(good, body=b"7")
    holder: Any = random.choice(holders)
    spot = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    action = random.randrange(4)
    if action == 0:
        del holder[spot]
    else:
        holder[spot] = copy.deepcopy(random.choice(ODD_VALUES))
    text = json.dumps(tree).replace(json.dumps(DEEP), "[" * 10_000 + "]" * 10_000)
    if action == 3:
        text = text.replace("{", '{"event": "delivered", "type": [], "Type": null, "event": {}, ', 1)
    return replace(good, body=text.encode())


def _holders(tree: Any) -> list[Any]:
    found, todo = [], [tree]
    while todo:
        one = todo.pop()
        if isinstance(one, dict | list):
            found.append(one)
            todo += one.values() if isinstance(one, dict) else one
    return found


def _bytes(good: RawRequest, random: Random) -> RawRequest:
    body = bytearray(good.body)
    for _ in range(random.randint(1, 8)):
        if body:
            body[random.randrange(len(body))] = random.randrange(256)
    return replace(good, body=bytes(body))


def _cut(good: RawRequest, random: Random) -> RawRequest:
    return replace(good, body=good.body[: random.randrange(len(good.body) + 1)])


def _header(good: RawRequest, random: Random) -> RawRequest:
    name, value = random.choice(ODD_HEADERS)
    url = random.choice((good.url, good.url + "&bodySHA256=é", "https://[::1", "", good.url + "&message=\ud800"))
    return replace(good, headers={**good.headers, name: value}, url=url)


def _whole(good: RawRequest, random: Random) -> RawRequest:
    deep = (b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b"[" * 65 + b"]" * 65)
    plain = (
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[[]]",
        b'"text"',
        b"NaN",
        b"[NaN]",
        b"[1e999]",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
    )
    numbers = (b"[" + b"9" * 100_000 + b"]", b"1" * 5_000, b"-" * 10_000, b'{"a":1,"a":2}')
    return replace(good, body=random.choice((*deep, *plain, *numbers)))
