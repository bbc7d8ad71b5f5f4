"""Vectors: records as they stand in the DNS, and the mark and the words that each must get."""

import base64
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from regulars.messaging.domains import Given, Mark, judge, read_records
from regulars.messaging.domains.dkim import judge_dkim
from regulars.messaging.domains.dmarc import Policy, judge_alignment, judge_dmarc
from regulars.messaging.domains.spf import counted, judge_spf
from regulars.messaging.domains.verdicts import Verdict

SHOP = "shop.example"
PLACE = f"s1._domainkey.{SHOP}"
FINE, NOTE, WRONG = Mark.FINE, Mark.NOTE, Mark.WRONG
# An include that costs five look-ups of its own, so that two of them are one too many.
FIVE = "v=spf1 include:a.example include:b.example a mx exists:x.example -all"
LEAVES = {"a.example": ["v=spf1 ip4:192.0.2.0/24 -all"], "b.example": ["v=spf1 ip6:2001:db8::/32 -all"]}


@cache
def key(bits: int) -> str:
    made = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(made.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def short() -> str:
    """Return a key of 512 bits: its DER by hand, for no library makes such a key any more."""
    modulus = b"\x02\x41\x00" + (1 << 511 | 0x0123456789ABCDEF).to_bytes(64, "big")
    numbers = b"\x30\x48" + modulus + b"\x02\x03\x01\x00\x01"
    head = bytes.fromhex("300d06092a864886f70d0101010500")
    return base64.b64encode(b"\x30\x5c" + head + b"\x03\x4b\x00" + numbers).decode()


ED25519 = base64.b64encode(
    ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32).public_key().public_bytes_raw()
).decode()

SPF = [
    ([], WRONG, "no SPF record"),
    (["google-site-verification=abc"], WRONG, "no SPF record"),
    (["v=spf1 ip4:192.0.2.1 -all"], FINE, "0 of 10 look-ups"),
    (["v=spf1 a mx ~all"], FINE, "2 of 10 look-ups"),
    (["v=spf1 include:a.example -all"], FINE, "1 of 10 look-ups"),
    (["v=spf1 include:five.example -all"], FINE, "6 of 10 look-ups"),
    (["v=spf1 -all", "v=spf1 include:a.example ~all"], WRONG, "2 SPF records"),
    (["v=spf1 +all"], WRONG, "whole world"),
    (["v=spf1 all"], WRONG, "whole world"),
    (["v=spf1 ip4:192.0.2.1 ?all"], NOTE, "says nothing about others"),
    (["v=spf1 ip4:192.0.2.1"], NOTE, "has no end"),
    (["v=spf1 redirect=a.example"], FINE, "1 of 10 look-ups"),
    (["v=spf1 ptr -all"], NOTE, "no longer to be used"),
    (["v=spf1 include:five.example include:five.example -all"], WRONG, "needs 12 look-ups"),
    (["v=spf1 include:_spf.unknown.example -all"], NOTE, "give the TXT records of _spf.unknown.example too"),
    (["v=spf1 includes:a.example -all"], WRONG, "“includes:a.example” in the SPF record"),
    (["v=spf1 include:shop.example -all"], WRONG, "includes itself"),
    (["V=SPF1 A:mail.shop.example/24 IP4:192.0.2.0/24 -ALL"], FINE, "1 of 10 look-ups"),
]
DKIM = [
    (None, WRONG, "no DKIM key at"),
    ("v=DKIM1; k=rsa; p=", WRONG, "revoked"),
    (lambda: f"v=DKIM1; k=rsa; p={key(2048)}", FINE, "2048 bits"),
    (lambda: f"p={key(2048)}", FINE, "2048 bits"),
    (lambda: f"v=DKIM1; p={key(1024)}", NOTE, "1024 bits"),
    (lambda: f"v=DKIM1; p={short()}", WRONG, "512 bits, and receivers ignore keys below 1024"),
    (lambda: f"v=DKIM1; p={key(2048)[:120]}", WRONG, "cut off or mistyped"),
    ("v=DKIM1; p=hello!", WRONG, "cut off or mistyped"),
    (lambda: f"v=DKIM1; t=y; p={key(2048)}", NOTE, "t=y"),
    (lambda: f"v=DKIM1; h=sha1; p={key(2048)}", WRONG, "write h=sha256"),
    (f"v=DKIM1; k=ed25519; p={ED25519}", NOTE, "sign with an RSA key besides"),
    ("v=DKIM1; k=ed25519; p=AAAA", WRONG, "no Ed25519 key"),
    ("v=spf1 -all", WRONG, "is no DKIM key"),
]
DMARC = [
    ([], [], WRONG, "no DMARC record"),
    (["v=DMARC1; p=none; rua=mailto:d@shop.example"], [], NOTE, "only watches"),
    (["v=DMARC1; p=none"], [], NOTE, "Nobody gets the DMARC reports"),
    (["v=DMARC1; p=quarantine; rua=mailto:d@shop.example"], [], FINE, "quarantine what is not yours"),
    (["v=DMARC1; p=reject; rua=mailto:d@shop.example"], [], FINE, "reject what is not yours"),
    (["v=DMARC1; p=reject; pct=20; rua=mailto:d@shop.example"], [], NOTE, "20 % of mails only"),
    (["v=DMARC1; p=rejekt"], [], WRONG, "p=rejekt"),
    (["v=DMARC1; rua=mailto:d@shop.example"], [], WRONG, "p=nothing"),
    (["v=DMARC1; p=none", "v=DMARC1; p=reject"], [], WRONG, "2 DMARC records"),
    ([], ["v=DMARC1; p=reject; sp=none; rua=mailto:d@shop.example"], NOTE, "only watches"),
    ([], ["v=DMARC1; p=reject; rua=mailto:d@shop.example"], FINE, "reject"),
]
RELAXED, STRICT = Policy(), Policy(is_dkim_strict=True, is_spf_strict=True)
ALIGNED = [
    (SHOP, SHOP, RELAXED, FINE, "both aligned"),
    ("bounces.shop.example", "mail.shop.example", RELAXED, FINE, "both aligned"),
    ("bounces.shop.example", "mail.shop.example", STRICT, WRONG, "Nothing is aligned"),
    ("bounces.shop.example", SHOP, STRICT, FINE, "enough for DMARC"),
    ("provider.example", SHOP, RELAXED, FINE, "enough for DMARC"),
    (SHOP, "provider.example", RELAXED, NOTE, "lost when mail is passed on"),
    ("provider.example", "provider.example", RELAXED, WRONG, "the signature is for provider.example"),
    ("", "", RELAXED, WRONG, "Nothing is aligned"),
    ("shop.co.uk", "other.co.uk", RELAXED, WRONG, "Nothing is aligned"),
]


def says(found: list[Verdict], mark: Mark, words: str) -> bool:
    """Say whether one finding has that mark and these words, and none is worse than it."""
    order = [FINE, NOTE, WRONG]
    worst = max((order.index(one.mark) for one in found), default=0)
    return worst == order.index(mark) and any(one.mark is mark and words in one.sentence for one in found)


@pytest.mark.parametrize(("own", "mark", "words"), SPF)
def test_spf(own: list[str], mark: Mark, words: str) -> None:
    found = judge_spf(SHOP, {SHOP: own, "five.example": [FIVE], **LEAVES})
    assert says(found, mark, words), found


@pytest.mark.parametrize(("record", "mark", "words"), DKIM)
def test_dkim(record: object, mark: Mark, words: str) -> None:
    found = judge_dkim(PLACE, record() if callable(record) else record)  # type: ignore[arg-type]
    assert says(found, mark, words), found


@pytest.mark.parametrize(("own", "above", "mark", "words"), DMARC)
def test_dmarc(own: list[str], above: list[str], mark: Mark, words: str) -> None:
    assert says(judge_dmarc(SHOP, own, above)[1], mark, words)


@pytest.mark.parametrize(("bounces", "signer", "policy", "mark", "words"), ALIGNED)
def test_alignment(bounces: str, signer: str, policy: Policy, mark: Mark, words: str) -> None:
    sender = "news.co.uk" if "co.uk" in bounces else SHOP
    assert says([judge_alignment(sender, bounces, signer, policy)], mark, words)


def test_every_sentence_of_a_wrong_record_says_what_to_do() -> None:
    doing = ("add", "join", "mend", "write", "remove", "publish", "copy", "make", "leave", "sign", "must look like")
    said = [one for own, _, _ in SPF for one in judge_spf(SHOP, {SHOP: own, "five.example": [FIVE], **LEAVES})]
    said += [one for record, _, _ in DKIM for one in judge_dkim(PLACE, record() if callable(record) else record)]  # type: ignore[arg-type]
    said += [one for own, above, _, _ in DMARC for one in judge_dmarc(SHOP, own, above)[1]]
    said += [judge_alignment(SHOP, bounces, signer, policy) for bounces, signer, policy, _, _ in ALIGNED]
    assert [one.sentence for one in said if one.mark is WRONG and not any(word in one.sentence for word in doing)] == []


def test_ten_look_ups_are_taken_and_eleven_are_not() -> None:
    ten = {SHOP: ["v=spf1 " + " ".join(f"a:m{n}.example" for n in range(10)) + " -all"]}
    eleven = {SHOP: ["v=spf1 " + " ".join(f"a:m{n}.example" for n in range(11)) + " -all"]}
    assert counted(SHOP, ten, ()) == (10, set(), "")
    assert says(judge_spf(SHOP, ten), FINE, "10 of 10")
    assert says(judge_spf(SHOP, eleven), WRONG, "11 look-ups")


def test_includes_that_grow_without_end_are_not_followed_without_end() -> None:
    doubling = {f"n{n}.example": [f"v=spf1 include:n{n + 1}.example include:n{n + 1}.example -all"] for n in range(60)}
    chain = {f"c{n}.example": [f"v=spf1 include:c{n + 1}.example -all"] for n in range(5_000)}
    for start, records in (("n0.example", doubling), ("c0.example", chain)):
        assert says(judge_spf(start, records), WRONG, "receivers stop at 10")


PASTED = f"""
; what dig says
shop.example.               3600 IN TXT "v=spf1 include:a.example " "-all"
shop.example                TXT "some-verification=1"
a.example = v=spf1 ip4:192.0.2.0/24 -all
_dmarc.shop.example: v=DMARC1; p=quarantine; rua=mailto:d@shop.example
s1._domainkey.shop.example. IN TXT "v=DKIM1; k=rsa; p={key(2048)[:200]}" "{key(2048)[200:]}"
"""


def test_a_pasted_text_is_read_as_dig_and_providers_show_it() -> None:
    records = read_records(PASTED)
    assert records[SHOP] == ["v=spf1 include:a.example -all", "some-verification=1"]
    assert sorted(records) == ["_dmarc.shop.example", "a.example", PLACE, SHOP]
    found = judge(Given(from_domain=SHOP, records=records))
    assert [one.mark for one in found] == [FINE] * 4, found
    assert [one.about for one in found] == ["SPF", "DKIM", "DMARC", "alignment"]


def test_a_sender_of_whom_nothing_is_given_is_told_all_three() -> None:
    found = judge(Given(from_domain="news.shop.example"))
    assert [(one.about, one.mark) for one in found] == [
        ("SPF", WRONG),
        ("DKIM", WRONG),
        ("DMARC", WRONG),
        ("alignment", WRONG),
    ]


def test_a_subdomain_is_held_by_the_dmarc_of_its_organisation() -> None:
    records = read_records("v=DMARC1; p=reject; adkim=s; rua=mailto:d@shop.example", SHOP)
    found = judge(Given(from_domain="news.shop.example", signing_domain=SHOP, records=records))
    assert says([one for one in found if one.about == "DMARC"], FINE, "reject")
    assert says([one for one in found if one.about == "alignment"], WRONG, "Nothing is aligned")  # adkim=s


@pytest.mark.parametrize(
    "text", ["", "\0", "=" * 5000, "a b c\n" * 50, '"' * 99, "v=spf1 " + "include:a " * 3000, "é.example TXT v=spf1"]
)
def test_no_pasted_text_breaks_the_reading(text: str) -> None:
    assert judge(Given(from_domain=SHOP, records=read_records(text, SHOP)))
