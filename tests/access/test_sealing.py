"""Sealed texts and signed links: what was made here opens here, for its purpose, and nothing else does."""

from random import Random

import pytest
from hypothesis import given, strategies as st

from regulars.core import sealing
from regulars.core.sealing import BadSeal, BadSignature


@given(st.text(), st.text(max_size=20))
def test_what_was_sealed_opens_again(text: str, purpose: str) -> None:
    assert sealing.unseal(sealing.seal(text, purpose), purpose) == text


@given(st.text(), st.text(max_size=20))
def test_what_was_signed_is_known_again(value: str, purpose: str) -> None:
    assert sealing.unsign(sealing.sign(value, purpose), purpose) == value


def test_two_seals_of_one_text_differ_so_that_equal_secrets_do_not_show() -> None:
    assert sealing.seal("a secret", "totp") != sealing.seal("a secret", "totp")


def test_a_seal_for_one_purpose_does_not_open_for_another() -> None:
    with pytest.raises(BadSeal):
        sealing.unseal(sealing.seal("a secret", "totp"), "webhook")


def test_a_key_can_be_changed_and_the_old_one_still_opens() -> None:
    sealed, signed = sealing.seal_with(["old"], "a secret", "totp"), sealing.sign_with(["old"], "7", "link")
    assert sealing.unseal_with(["new", "old"], sealed, "totp") == "a secret"
    assert sealing.unsign_with(["new", "old"], signed, "link") == "7"
    assert sealing.seal_with(["new", "old"], "a secret", "totp").startswith(sealing.key_id("new"))
    with pytest.raises(BadSeal, match="a key that this home does not have"):
        sealing.unseal_with(["new"], sealed, "totp")
    with pytest.raises(BadSignature):
        sealing.unsign_with(["new"], signed, "link")


def test_every_edit_of_a_signed_link_is_refused() -> None:
    signed, random = sealing.sign("customer-7", "unsubscribe"), Random(1)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.="
    for _ in range(5_000):
        place = random.randrange(len(signed))
        edited = signed[:place] + random.choice(letters) + signed[place + random.randrange(2) :]
        if edited != signed:
            with pytest.raises(BadSignature):
                sealing.unsign(edited, "unsubscribe")


@pytest.mark.parametrize("odd", ["", ".", "..", "\x00", "\ud800.\udfff", "ä.ö", "7", "7."])
def test_rubbish_is_refused_like_any_wrong_link(odd: str) -> None:
    with pytest.raises(BadSignature):
        sealing.unsign(odd, "unsubscribe")
    with pytest.raises(BadSeal):
        sealing.unseal(odd, "totp")
    with pytest.raises(BadSeal):
        sealing.unseal(f"{sealing.key_id(sealing.keys()[0])}.{odd}", "totp")


def test_a_fingerprint_is_the_same_for_the_same_and_tells_nothing() -> None:
    first = sealing.fingerprint("203.0.113.9", "address")
    assert first == sealing.fingerprint("203.0.113.9", "address")
    assert first not in {sealing.fingerprint("203.0.113.9", "e-mail"), sealing.fingerprint("203.0.113.8", "address")}
    assert len(first) == 64
