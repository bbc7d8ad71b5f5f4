"""The runs that prove the outbox find what must not be, and the mail server that they stand on writes down every mail."""

import socket
from collections import Counter
from io import StringIO

from bench.case_outbox_kills import judged
from bench.case_outbox_leavers import Left
from bench.recording_sink import LINE, Guest

KEY = "0123456789abcdef" * 2


def test_kills_are_judged_by_what_came_and_what_is_known() -> None:
    kept = {"a": "sent", "b": "unknown", "c": "unknown", "d": "deferred"}
    assert judged(Counter({"a": 1, "b": 1}), kept, 1) == {"twice": 0, "unknown": 2, "wrong": {}}
    assert judged(Counter({"a": 2}), kept, 1)["wrong"] == {"twice": 1}
    assert judged(Counter(), kept, 1)["wrong"] == {"sent and not there": 1, "not there and not listed": ["sent"]}
    assert judged(Counter({"a": 1, "x": 1}), kept, 0)["wrong"] == {
        "more unknown than connections": 2,
        "of no message": 1,
    }


def test_a_mail_behind_the_answer_is_a_fault() -> None:
    good = {"answered": {1: 1.0, 2: 2.0}, "n_got": 1, "states": {"sent": 9, "refused": 1}}
    assert not Left(**good).wrong(2)  # type: ignore[arg-type]
    for fault in ({"began_behind": [0.1]}, {"marked_behind": 1}, {"twice": 1}, {"n_got": 2}, {"refused": [503]}):
        assert Left(**(good | fault)).wrong(2), fault  # type: ignore[arg-type]


def test_each_mail_is_written_down_before_it_is_answered_however_its_bytes_come() -> None:
    mail = f"X-Regulars-Message: {KEY}\r\n\r\nHello\r\n.\r\n"
    talk = f"EHLO me\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n{mail}".encode()
    for size in (1, 7, len(talk)):
        into, said = StringIO(), b""
        guest = Guest(socket.socket(), into=into)
        for at in range(0, len(talk), size):
            said += guest.answer(talk[at : at + size])
        guest.socket.close()
        assert said.endswith(b"354 go\r\n250 ok\r\n")
        assert into.getvalue().startswith(KEY + " ")
        assert len(into.getvalue()) == LINE
