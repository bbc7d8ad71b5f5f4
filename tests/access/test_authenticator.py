"""The authenticator app: asked for once it is set up, each code taken once, taken away only with a proof."""

from datetime import timedelta
from xml.etree import ElementTree

import pyotp
import pytest

from regulars.access import api as access
from tests.access import cast
from tests.access.cast import NOW, PASSWORD, enter

pytestmark = pytest.mark.django_db

STEP = timedelta(seconds=30)


def test_without_an_app_no_code_is_asked_for() -> None:
    user = cast.bo()
    assert not access.has_totp(user)
    assert enter(user.email, code="123456") == user


def test_with_an_app_the_password_alone_does_not_let_in() -> None:
    app = cast.with_app(cast.bo())
    with pytest.raises(access.CodeNeeded):
        enter("bo@example.com", now=NOW + STEP)
    assert enter("bo@example.com", code=app.at(NOW + STEP), now=NOW + STEP).email == "bo@example.com"


def test_a_wrong_password_is_not_told_that_there_is_an_app() -> None:
    app = cast.with_app(cast.bo())
    for code in ("", app.at(NOW + STEP)):
        with pytest.raises(access.WrongCredentials):
            enter("bo@example.com", "wrong", code, now=NOW + STEP)


def test_a_code_is_taken_once_and_none_before_it_afterwards() -> None:
    app = cast.with_app(cast.bo())
    later = NOW + 2 * STEP
    enter("bo@example.com", code=app.at(later), now=later)
    for used in (app.at(later), app.at(NOW + STEP), app.at(NOW)):
        with pytest.raises(access.WrongCode):
            enter("bo@example.com", code=used, now=later)
    enter("bo@example.com", code=app.at(later + STEP), now=later)


def test_the_code_that_set_the_app_up_does_not_sign_in() -> None:
    app = cast.with_app(cast.bo())
    with pytest.raises(access.WrongCode):
        enter("bo@example.com", code=app.at(NOW))


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(steps: int, is_right: bool) -> None:
    app = cast.with_app(cast.bo())
    later = NOW + timedelta(hours=1)
    if is_right:
        enter("bo@example.com", code=app.at(later + steps * STEP), now=later)
    else:
        with pytest.raises(access.WrongCode):
            enter("bo@example.com", code=app.at(later + steps * STEP), now=later)


def test_a_code_may_be_typed_with_a_blank_in_it() -> None:
    code = cast.with_app(cast.bo()).at(NOW + STEP)
    enter("bo@example.com", code=f" {code[:3]} {code[3:]} ", now=NOW + STEP)


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00", "\ud800", "0" * 10_000])
def test_what_is_no_code_is_a_wrong_code(code: str) -> None:
    cast.with_app(cast.bo())
    with pytest.raises(access.WrongCode):
        enter("bo@example.com", code=code, now=NOW + STEP)


def test_wrong_codes_make_one_wait_and_the_right_password_without_a_code_clears_nothing() -> None:
    cast.with_app(cast.bo())
    later = NOW + timedelta(hours=1)
    for _ in range(5):
        with pytest.raises(access.CodeNeeded):
            enter("bo@example.com", now=later)
        with pytest.raises(access.WrongCode):
            enter("bo@example.com", code="abcdef", now=later)
    with pytest.raises(access.TooManyAttempts):
        enter("bo@example.com", now=later)


def test_asking_for_the_code_counts_as_no_failure() -> None:
    app = cast.with_app(cast.bo())
    for _ in range(30):
        with pytest.raises(access.CodeNeeded):
            enter("bo@example.com", now=NOW + STEP)
    enter("bo@example.com", code=app.at(NOW + STEP), now=NOW + STEP)


def test_an_app_is_set_up_with_a_code_of_it_and_a_secret_of_ours() -> None:
    user = cast.bo()
    secret, uri = access.begin_totp(user)
    assert uri.startswith("otpauth://totp/Regulars:bo%40example.com?secret=")
    with pytest.raises(access.WrongCode, match="phone’s clock"):
        access.confirm_totp(user, secret, "abcdef", NOW)
    for odd in ("", "AAAA", secret.lower(), f"{secret}=", f"{secret}\n"):
        with pytest.raises(access.NotPossible):
            access.confirm_totp(user, odd, "000000", NOW)
    assert not access.has_totp(access.User.objects.get())


def test_a_second_app_needs_the_first_taken_away() -> None:
    user = cast.bo()
    stale = access.User.objects.get()
    cast.with_app(user)
    for asked in (user, stale):
        with pytest.raises(access.NotPossible, match="already"):
            cast.with_app(asked)


def test_an_app_is_taken_away_with_the_password_or_a_code_and_nothing_else() -> None:
    user = cast.bo()
    app = cast.with_app(user)
    with pytest.raises(access.WrongCredentials):
        access.remove_totp(user, "wrong", NOW + STEP)
    access.remove_totp(user, app.at(NOW + STEP), NOW + STEP)
    assert not access.has_totp(access.User.objects.get())
    cast.with_app(user, NOW + 2 * STEP)
    access.remove_totp(user, PASSWORD, NOW + 2 * STEP)
    assert enter(user.email) == user


def test_a_code_is_no_proof_for_a_new_password() -> None:
    user = cast.bo()
    app = cast.with_app(user)
    with pytest.raises(access.WrongCredentials):
        access.change_password(user, app.at(NOW + STEP), cast.ANOTHER, NOW + STEP)


def test_the_secret_is_kept_sealed_and_another_key_does_not_open_it(settings: pytest.FixtureRequest) -> None:
    user = cast.bo()
    app = cast.with_app(user)
    assert app.secret not in str(access.User.objects.values().get())
    settings.SECRET_KEY = "the key of another home"  # type: ignore[attr-defined]
    with pytest.raises(access.NotPossible, match="another key"):
        enter(user.email, code=app.at(NOW + STEP), now=NOW + STEP)


def test_the_picture_is_an_svg_with_a_name_and_no_style() -> None:
    drawn = access.qr_svg(access.begin_totp(cast.bo())[1])
    tree = ElementTree.fromstring(drawn)
    assert (tree.tag, tree.get("role"), tree[0].text) == ("svg", "img", "Code to scan")
    assert not [part for part in tree.iter() if part.get("style") or part.tag == "script"]


@pytest.mark.django_db(transaction=True)
def test_of_four_who_send_one_code_at_one_moment_one_comes_in() -> None:
    app = cast.with_app(cast.bo())
    code = pyotp.TOTP(app.secret).at(NOW + STEP)
    results = cast.at_one_moment(4, lambda n: enter("bo@example.com", code=code, now=NOW + STEP))
    assert sum(isinstance(result, access.User) for result in results) == 1, results
    assert sum(isinstance(result, access.WrongCode) for result in results) == 3, results
