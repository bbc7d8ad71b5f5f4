"""What a mail server says is understood however it is torn, and whatever it is, it does no harm."""

import contextlib
import itertools

import pytest
from hypothesis import given, strategies as st

from regulars.messaging.channels.smtp.replies import Replies, Reply, Trouble, queue_id

SAID = b"220-hello\r\n220 there\r\n250 ok\r\n250\r\n354 go\n250-2.0.0 Ok\r\n250-\r\n250 queued as 1\r\n"
UNDERSTOOD = [
    Reply(220, [b"hello", b"there"]),
    Reply(250, [b"ok"]),
    Reply(250, [b""]),
    Reply(354, [b"go"]),
    Reply(250, [b"2.0.0 Ok", b"", b"queued as 1"]),
]


def heard(pieces: list[bytes]) -> list[Reply]:
    replies, found = Replies(), []
    for piece in pieces:
        replies.feed(piece)
        while reply := replies.take():
            found.append(reply)
    assert replies.is_empty
    return found


@given(st.sets(st.integers(0, len(SAID))))
def test_replies_may_be_torn_anywhere(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(SAID)]
    assert heard([SAID[start:end] for start, end in itertools.pairwise(edges)]) == UNDERSTOOD


@given(st.lists(st.binary(max_size=30) | st.sampled_from([b"250 ", b"250-", b"\r\n", b"\n", b"4"]), max_size=30))
def test_any_bytes_are_a_reply_or_a_trouble(pieces: list[bytes]) -> None:
    replies = Replies()
    with contextlib.suppress(Trouble):
        for piece in pieces:
            replies.feed(piece)
            while reply := replies.take():
                assert 200 <= reply.code <= 599
                assert reply.text.isprintable() or not reply.text.isascii()


@pytest.mark.parametrize(
    "junk", [b"hello\r\n", b"2500 ok\r\n", b"150 ok\r\n", b"600 ok\r\n", b"25\r\n", b"\r\n", b"250-a\r\n251 b\r\n"]
)
def test_what_is_no_reply_is_a_trouble(junk: bytes) -> None:
    with pytest.raises(Trouble, match="not SMTP"):
        heard([junk])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("2.0.0 Ok: queued as 4XkZ1b2Q9z", "4XkZ1b2Q9z"),
        ("OK id=1qXyZ-0001aB-2C", "1qXyZ-0001aB-2C"),
        ("2.6.0 <…> [InternalId=1234567890, Hostname=mail.example] Queued mail for delivery", "1234567890"),
        ("2.0.0 451Cabcd012345 Message accepted for delivery", "451Cabcd012345"),
        ("Ok 0100018c3a5b1234-abcdef01-2345-6789-abcd-ef0123456789-000000", "0100018c3a5b1234-abcdef01-2345-6789-abcd-ef0123456789-000000"),
        ("2.0.0 OK  1717243200 d2e1a72fcca58-7024b a.12 - gsmtp", ""),
        ("2.0.0 OK  1717243200 d2e1a72fcca58-7024b.12 - gsmtp", "1717243200 d2e1a72fcca58-7024b.12"),
        ("ok 1717243200 qp 4711", "1717243200 qp 4711"),
        ("thank you", ""),
    ],
)  # fmt: skip
def test_the_name_under_which_a_server_keeps_a_mail_is_found(said: str, name: str) -> None:
    assert queue_id(said) == name
