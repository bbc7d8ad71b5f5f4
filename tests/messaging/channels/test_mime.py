"""A letter made by hand is read by the standard library as it was written, whatever is in it."""

import email
import email.policy
import re
from binascii import a2b_qp
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given, strategies as st

from regulars.messaging.channels.mails.addresses import Unsendable, mailbox
from regulars.messaging.channels.mails.mime import assemble
from regulars.messaging.channels.mails.quoting import quoted_pieces, quoted_printable
from regulars.messaging.letters import Letter
from regulars.messaging.templates.language.alike import Fixed
from tests.messaging.channels.cast import key, letter

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300) | st.text(
    alphabet="aä€ .=?_\n\r\t-", max_size=2500
)
LINES = st.text(max_size=200)


def read(one: Letter) -> EmailMessage:
    message = email.message_from_bytes(assemble(one).content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def one_line(text: str) -> str:
    return re.sub("[\r\n\0]", " ", text).encode("utf-8", "replace").decode()


def with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(subject=LINES)
def test_any_subject_comes_back(subject: str) -> None:
    message = read(letter(subject=subject))
    assert message["Subject"] == one_line(subject)
    assert message["X-Regulars-Message"] == key(1)


@given(name=st.text(max_size=10), sender=st.text(max_size=10))
def test_any_name_comes_back(name: str, sender: str) -> None:
    message = read(letter(to_name=name, sender_name=sender))
    for header, given_name, address in (
        ("To", name, "customer1@shop.example"),
        ("From", sender, "hello@store.example"),
    ):
        (found,) = message[header].addresses
        assert found.display_name == " ".join(one_line(given_name).split())
        assert found.addr_spec == address


@given(name=LINES.filter(lambda name: one_line(name).strip()))
def test_a_long_name_comes_back_by_the_older_reader(name: str) -> None:
    """The newer one of Python 3.11 leaves blanks between the encoded words of a name."""
    raw = email.message_from_bytes(assemble(letter(sender_name=name)).content)["From"]
    found = str(make_header(decode_header(raw))).replace("\r\n ", " ").removesuffix("<hello@store.example>").strip(" ")
    if raw.startswith('"'):
        found = re.sub(r"\\(.)", r"\1", found[1:-1])
    assert found == " ".join(one_line(name).split())


@given(text=TEXTS, html=TEXTS)
def test_any_text_comes_back(text: str, html: str) -> None:
    text, html = text or "a", html or "b"
    parts = list(read(letter(text=text, html=html)).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [with_lf(part.get_payload(decode=True).decode()) for part in parts] == [with_lf(text), with_lf(html)]  # type: ignore[union-attr]


@given(text=st.text(alphabet="aé€ .=\n\t\x01", max_size=600))
def test_a_quoted_part_is_what_any_reader_takes_in_lines_that_any_relay_takes(text: str) -> None:
    content = quoted_printable(text.encode())
    assert a2b_qp(content).replace(b"\r\n", b"\n") == text.encode()
    for line in content.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert not line.translate(None, bytes(range(32, 127)) + b"\t")


@given(text=TEXTS)
def test_a_letter_without_html_is_plain(text: str) -> None:
    message = read(letter(text=text or "a", html=""))
    assert message.get_content_type() == "text/plain"
    assert with_lf(message.get_payload(decode=True).decode()).removesuffix("\n") == with_lf(text or "a").removesuffix(
        "\n"
    )  # type: ignore[union-attr]


@given(subject=LINES, name=LINES, text=TEXTS, value=LINES)
def test_no_value_breaks_out_of_its_place(subject: str, name: str, text: str, value: str) -> None:
    headers = {"Feedback-ID": value, "X-Long": ("word " * 60 + value)[-400:]}
    content = assemble(letter(subject=subject, to_name=name, text=text or "a", headers=headers)).content
    assert content.isascii()
    assert content.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", content)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    head = content.partition(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert names == [
        "Date", "From", "To", "Subject", "Message-ID", "X-Regulars-Message", "Feedback-ID", "X-Long", "MIME-Version", "Content-Type",
    ]  # fmt: skip


def test_what_a_shop_writes_into_a_name_becomes_no_header() -> None:
    message = read(
        letter(to_name="Ann\r\nBcc: all@shop.example", subject="Hi\r\n\r\nX", headers={"Feedback-ID": "a\nBcc: b"})
    )
    assert message["Bcc"] is None
    assert message["Feedback-ID"] == "a Bcc: b"


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert assemble(letter()) == assemble(letter())
    assert assemble(letter()).content != assemble(letter(2)).content


def test_a_text_that_has_the_boundary_is_encoded() -> None:
    text = f"Look:\n--=_{key(1)}--\nthat was no end\n"
    parts = list(read(letter(text=text)).iter_parts())
    assert with_lf(parts[0].get_content()) == text
    assert len(parts) == 2


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Hello", "7bit"),
        ("x" * 2000, "quoted-printable"),
        ("Grüße aus Köln, liebe Ann", "quoted-printable"),
        ("Καλημέρα", "base64"),
    ],
)
def test_a_part_is_encoded_as_fits(text: str, encoding: str) -> None:
    message = read(letter(text=text, html=""))
    assert message["Content-Transfer-Encoding"] == encoding
    assert with_lf(message.get_content()).removesuffix("\n") == text


def test_the_headers_of_a_letter_come_along() -> None:
    message = read(letter(reply_to="shop@store.example"))
    assert message["List-Unsubscribe"] == "<https://store.example/u/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Reply-To"] == "shop@store.example"
    assert message["Message-ID"] == f"<{key(1)}@store.example>"
    assert message["Date"] == "Sat, 01 Jun 2024 12:00:00 +0000"


def test_failures_are_reported_to_an_address_that_knows_the_letter() -> None:
    assert assemble(letter(), "bounces+{key}@store.example").sender == f"bounces+{key(1)}@store.example"
    assert assemble(letter()).sender == "hello@store.example"


BAD_HEADERS = [
    "From",
    "bcc",
    "Subject",
    "Content-Type",
    "DKIM-Signature",
    "X: y",
    "X\r\nBcc",
    "",
    "Ä",
    "List-unsubscribe",
]


@pytest.mark.parametrize("name", BAD_HEADERS)
def test_a_header_that_a_letter_must_not_bring_is_refused(name: str) -> None:
    with pytest.raises(Unsendable, match="cannot bring"):
        assemble(letter(headers={"List-Unsubscribe": "<https://store.example/u/1>", name: "x"}))


def test_a_header_that_cannot_be_folded_is_refused() -> None:
    with pytest.raises(Unsendable, match="make it shorter"):
        assemble(letter(headers={"List-Unsubscribe": f"<https://store.example/{'x' * 1000}>"}))


BAD_ADDRESSES = [
    "", "@", "ann", "ann@", "@shop.example", "ann lee@shop.example", "ann@shop.example\r\nDATA", "ann\0@shop.example",
    "<ann@shop.example>", "ann@bo@shop.example", '"a b"@shop.example', ".ann@shop.example", "a..b@shop.example",
    "ann@shop..example", "ann@-shop.example\n", "ann@[127.0.0.1]", "a" * 65 + "@shop.example", "a@" + "b." * 130 + "example",
    "ann@shop.example>", "ann@sh\u2028op.example", "an\u202en@shop.example", "ann,bo@shop.example", "\ud800@shop.example",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD_ADDRESSES, ids=range(len(BAD_ADDRESSES)))
def test_an_address_that_is_none_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(Unsendable) as refusal:
        assemble(letter(to=address))
    assert str(refusal.value).startswith("The ")
    assert str(refusal.value).endswith(".")
    assert "@shop" not in str(refusal.value)


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_address_is_refused_or_harmless(local: str, domain: str) -> None:
    try:
        taken = mailbox(f"{local}@{domain}")
    except Unsendable:
        return
    assert not re.search(r"[\s<>\x00-\x1f]", taken)
    assert taken.rpartition("@")[2].isascii()


def test_a_domain_beyond_ascii_is_written_as_dns_knows_it() -> None:
    mail = assemble(letter(to="ann@bücher.example", sender="shop@straße.example"))
    assert (mail.to, mail.sender) == ("ann@xn--bcher-kva.example", "shop@xn--strae-oqa.example")
    assert not mail.is_international
    assert assemble(letter(to="anná@bücher.example")).is_international


@given(
    pieces=st.lists(
        st.tuples(st.booleans(), st.text(alphabet="aé€ .=\n\t-", max_size=130) | st.just("x" * 1000)), max_size=12
    )
)
def test_pieces_are_quoted_as_the_whole_is(pieces: list[tuple[bool, str]]) -> None:
    made = [Fixed(text) if is_fixed else text for is_fixed, text in pieces]
    quoted = quoted_pieces(made)
    assert quoted is None or b"".join(quoted) == quoted_printable("".join(made).encode())
