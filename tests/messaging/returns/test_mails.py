"""Mails that come back: bounces and complaints of every make, machines' answers told from people's, and rubbish."""

from random import Random

import pytest

from regulars.messaging.returns import Answer, Bounce, CannotRead, Kind, Returned, read_mail
from tests.messaging.returns import letters
from tests.messaging.returns.cast import ADDRESS, KEY, NOW


def one(raw: bytes) -> Returned:
    (told,) = read_mail(raw, NOW)
    return told


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (("failed", "5.1.1", "550 5.1.1 user unknown"), (Kind.BOUNCED, Bounce.HARD, "5.1.1")),
        (("failed", "5.2.2", "552 5.2.2 mailbox full"), (Kind.BOUNCED, Bounce.SOFT, "5.2.2")),
        (("failed", "5.7.1", "554 5.7.1 spam"), (Kind.BOUNCED, Bounce.BLOCK, "5.7.1")),
        (("failed", "5.4.1", "550 5.4.1 Recipient address rejected"), (Kind.BOUNCED, Bounce.HARD, "5.4.1")),
        (("failed", "4.4.7", "expired"), (Kind.BOUNCED, Bounce.SOFT, "4.4.7")),
        (("failed", "5.0.0", "550 5.1.1 unknown"), (Kind.BOUNCED, Bounce.HARD, "5.1.1")),
        (("failed", "5.0.0", "550 blocked using zen.spamhaus.org"), (Kind.BOUNCED, Bounce.BLOCK, "550")),
        (("failed", "5.0.0", "no"), (Kind.BOUNCED, Bounce.HARD, "5.0.0")),
        (("Failed (gave up)", "5.1.1 (bad address)", "550 no"), (Kind.BOUNCED, Bounce.HARD, "5.1.1")),
        (("delayed", "4.4.1", "451 later"), (Kind.DEFERRED, None, "4.4.1")),
        (("delivered", "2.0.0", "250 OK"), (Kind.DELIVERED, None, "2.0.0")),
        (("relayed", "2.0.0", "250 OK"), (Kind.OTHER, None, "2.0.0")),
    ],
)
def test_a_delivery_status_says_what_became_of_a_mail(
    told: tuple[str, str, str], meant: tuple[Kind, Bounce | None, str]
) -> None:
    found = one(letters.status(*told))
    assert (found.kind, found.bounce, found.code) == meant
    assert (found.message_key, found.address, found.event_id) == (KEY, ADDRESS, "report-1@mx.example:0")


@pytest.mark.parametrize("copied_as", ["text/rfc822-headers", "message/rfc822"])
def test_the_original_is_known_by_our_header_or_by_its_message_id(copied_as: str) -> None:
    ours = f"X-Regulars-Message: {KEY}\nMessage-ID: <changed@provider.example>\n\nHello"
    theirs = f"Message-ID: <{KEY}@shop.example>\n\nHello"
    for copy, number in ((ours, "changed@provider.example"), (theirs, f"{KEY}@shop.example")):
        told = one(letters.status("failed", "5.1.1", "no", copy=copy, copied_as=copied_as))
        assert (told.message_key, told.message_id) == (KEY, number)


def test_a_bounce_that_returns_nothing_is_known_by_the_address_it_went_to() -> None:
    raw = letters.status("failed", "5.1.1", "no", copy="Subject: x").replace(b"bounces@shop", f"b+{KEY}@shop".encode())
    assert one(raw).message_key == KEY
    assert one(letters.status("failed", "5.1.1", "no", copy="Subject: x")).message_key == ""


def test_several_recipients_are_several_returns() -> None:
    more = b"Final-Recipient: rfc822; bo@example.com\r\nAction: delayed\r\nStatus: 4.2.2\r\n\r\n--=b="
    raw = letters.status("failed", "5.1.1", "no").replace(
        b"--=b=\r\nContent-Type: text/rfc822", more + b"\r\nContent-Type: text/rfc822"
    )
    told = read_mail(raw, NOW)
    assert [(each.kind, each.address) for each in told] == [(Kind.BOUNCED, ADDRESS), (Kind.DEFERRED, "bo@example.com")]
    assert len({each.event_id for each in told}) == 2


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("abuse", Kind.COMPLAINED),
        ("fraud", Kind.COMPLAINED),
        ("other", Kind.COMPLAINED),
        ("opt-out", Kind.UNSUBSCRIBED),
        ("not-spam", Kind.OTHER),
        ("auth-failure", Kind.OTHER),
        ("moonrise", Kind.OTHER),
    ],
)
def test_an_abuse_report_says_who_complained_of_what(kind: str, expected: Kind) -> None:
    told = one(letters.feedback(kind, copied_as="message/rfc822"))
    assert (told.kind, told.word, told.message_key, told.address) == (expected, f"ARF {kind}", KEY, ADDRESS)
    assert told.at.hour == 11


@pytest.mark.parametrize(
    ("raw", "bounce", "code"),
    [(letters.QMAIL, Bounce.HARD, "5.1.1"), (letters.EXIM, Bounce.BLOCK, "5.7.1")],
    ids=["qmail", "exim"],
)
def test_a_bounce_mail_of_no_standard_is_understood(raw: bytes, bounce: Bounce, code: str) -> None:
    told = one(raw)
    assert (told.kind, told.bounce, told.code) == (Kind.BOUNCED, bounce, code)
    assert (told.message_key, told.address) == (KEY, ADDRESS)
    assert "example.com" not in told.detail


def test_a_bounce_mail_that_no_detector_knows_is_understood_by_its_code() -> None:
    raw = letters.mail(f"""
        From: Mail Delivery System <postmaster@mx.example>
        To: bounces+{KEY}@shop.example
        Subject: Rückläufer

        Ihre Nachricht kam nicht an: 552 5.2.2 Das Postfach ist voll.
    """)
    told = one(raw)
    assert (told.kind, told.bounce, told.code, told.message_key) == (Kind.BOUNCED, Bounce.SOFT, "5.2.2", KEY)
    assert one(raw.replace(b"552 5.2.2", b"451 4.7.0")).kind is Kind.DEFERRED
    assert one(raw.replace(b"552 5.2.2", b"so")).kind is Kind.OTHER


@pytest.mark.parametrize(
    "headers",
    [
        ["Auto-Submitted: auto-replied"],
        ["Auto-Submitted: auto-generated; owner=x"],
        ["Precedence: bulk"],
        ["X-Autoreply: yes"],
        ["X-Auto-Response-Suppress: All"],
        ["Return-Path: <>"],
        ["List-Id: <tea.example.com>"],
    ],
    ids=lambda headers: headers[0],
)
def test_a_machines_answer_is_none(headers: list[str]) -> None:
    told = one(letters.answer("STOP", *headers))
    assert (told.kind, told.word, told.message_key) == (Kind.OTHER, "automatic answer", KEY)


@pytest.mark.parametrize(
    "subject", ["Out of office: Re: New teas", "Automatische Antwort: New teas", "Abwesenheitsnotiz"]
)
def test_a_machines_answer_is_known_by_its_subject(subject: str) -> None:
    assert one(letters.answer("I am away.", subject=subject)).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("Stop", Answer.STOP),
        ("UNSUBSCRIBE!\n\nOn Sun, 1 Mar 2026 the shop wrote:\n> New teas", Answer.STOP),
        ("Unsubscribe\n\nKind regards\nAnn", Answer.STOP),
        ("Help", Answer.HELP),
        ("I love your tea, never stop!", Answer.OTHER),
        ("> stop", Answer.OTHER),
        ("", Answer.OTHER),
    ],
)
def test_somebody_who_writes_back_is_heard(body: str, answer: Answer) -> None:
    told = one(letters.answer(body, "Auto-Submitted: no"))
    assert (told.kind, told.answer, told.message_key, told.address) == (Kind.REPLIED, answer, KEY, ADDRESS)
    assert ">" not in told.text


def test_a_subject_alone_can_say_stop() -> None:
    assert one(letters.answer("", subject="unsubscribe")).answer is Answer.STOP
    assert one(letters.answer("", subject="Re: Stop")).answer is Answer.OTHER


def test_a_mail_to_the_address_for_leaving_leaves() -> None:
    raw = letters.answer("whatever").replace(b"To: hello@", f"To: unsubscribe+{KEY}@".encode(), 1)
    told = one(raw)
    assert (told.kind, told.message_key) == (Kind.UNSUBSCRIBED, KEY)


def test_an_answer_in_an_odd_charset_is_read_all_the_same() -> None:
    for charset in ("windows-1252", "utf-7", "no-such-charset", "\x00"):
        assert one(letters.answer("Stop", charset=charset)).kind is Kind.REPLIED


def test_a_mail_that_is_too_big_is_refused() -> None:
    with pytest.raises(CannotRead, match="bigger than 10 MB"):
        read_mail(b"Subject: x\r\n\r\n" + b"x" * 11_000_000, NOW)


def test_a_mail_nested_without_end_is_refused_or_other() -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(5_000)).encode()
    for raw in (deep, b"Content-Type: message/rfc822\r\n\r\n" * 5_000):
        try:
            told = read_mail(raw, NOW)
        except CannotRead as problem:
            assert "no mail that can be read" in str(problem)
        else:
            assert {each.kind for each in told} <= {Kind.OTHER, Kind.REPLIED}


def test_two_thousand_spoiled_mails_are_read_or_refused_and_nothing_else() -> None:
    random = Random(20_260_303)
    good = [
        letters.QMAIL,
        letters.EXIM,
        letters.answer("Stop"),
        letters.feedback("abuse"),
        letters.status("failed", "5.1.1", "no"),
    ]
    n_read = 0
    for _ in range(2_000):
        raw = bytearray(random.choice(good))
        for _ in range(random.randint(1, 30)):
            spot = random.randrange(len(raw))
            raw[spot : spot + random.randint(0, 3)] = random.randbytes(random.randint(0, 3))
        try:
            told = read_mail(bytes(raw), NOW)
        except CannotRead as problem:
            assert str(problem).endswith(".")
            continue
        n_read += 1
        for each in told:
            assert each.detail.encode("utf-8") is not None
            assert each.event_id
    assert n_read > 1_500
