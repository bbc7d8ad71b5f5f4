"""Signing in: the right one comes in, every wrong one gets the same answer, and guessing gets slow."""

from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from regulars.access import api as access
from regulars.access.models import Attempt
from tests.access import cast
from tests.access.cast import ANOTHER, ELSEWHERE, HERE, NOW, PASSWORD, QuickHasher, enter

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def fail(times: int, email: str = "bo@example.com", address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(access.WrongCredentials):
            enter(email, "wrong", address=address)


def test_the_right_password_lets_in_however_the_email_is_written() -> None:
    user = cast.bo()
    assert enter("  Bo@EXAMPLE.com ") == user


def test_a_wrong_password_an_unknown_email_and_who_is_gone_get_the_same_answer_for_the_same_work() -> None:
    cast.ann()
    cast.bo()
    access.deactivate(cast.cleo().email, "ann@example.com", NOW)
    answers, work = set(), set()
    for email in ("bo@example.com", "nobody@example.com", "cleo@example.com", "", "\x00", "\ud800", "b" * 5_000):
        QuickHasher.asked = 0
        with pytest.raises(access.WrongCredentials) as refusal:
            enter(email, "wrong", address=f"192.0.2.{len(work)}")
        answers.add(str(refusal.value))
        work.add(QuickHasher.asked)
    assert len(answers) == 1
    assert work == {1}


@pytest.mark.parametrize("password", ["", " ", PASSWORD.upper(), f"{PASSWORD} ", "\x00", "\ud800", "x" * 100_000])
def test_only_the_password_itself_is_right(password: str) -> None:
    cast.bo()
    with pytest.raises(access.WrongCredentials):
        enter("bo@example.com", password)


def test_five_failures_cost_nothing_and_the_sixth_has_to_wait_longer_and_longer() -> None:
    cast.bo()
    fail(4)
    enter("bo@example.com")
    moment, waits = NOW, []
    for _ in range(12):
        try:
            enter("bo@example.com", "wrong", now=moment)
        except access.TooManyAttempts as refusal:
            waits.append(int(refusal.wait.total_seconds()))
            moment += refusal.wait
            with pytest.raises(access.WrongCredentials):
                enter("bo@example.com", "wrong", now=moment)
        except access.WrongCredentials:
            waits.append(0)
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_who_has_to_wait_is_told_how_long_and_the_right_password_waits_too() -> None:
    cast.bo()
    fail(5)
    with pytest.raises(access.TooManyAttempts, match="Wait 1 minute"):
        enter("bo@example.com")
    with pytest.raises(access.TooManyAttempts):
        enter("bo@example.com", now=NOW + 30 * SECOND - timedelta(microseconds=1))
    assert enter("bo@example.com", now=NOW + 30 * SECOND).email == "bo@example.com"


def test_waiting_tells_nothing_about_who_works_here() -> None:
    cast.bo()
    sentences = set()
    for email in ("bo@example.com", "nobody@example.com"):
        fail(5, email)
        with pytest.raises(access.TooManyAttempts) as refusal:
            enter(email, "wrong")
        sentences.add(str(refusal.value))
    assert len(sentences) == 1


def test_who_waits_costs_no_work_and_is_not_counted_again() -> None:
    fail(5)
    QuickHasher.asked, before = 0, Attempt.objects.count()
    for _ in range(50):
        with pytest.raises(access.TooManyAttempts):
            enter("bo@example.com", "wrong")
    assert (QuickHasher.asked, Attempt.objects.count()) == (0, before)


def test_one_address_that_tries_many_emails_has_to_wait_and_others_do_not() -> None:
    cast.bo()
    for number in range(20):
        fail(1, f"guess{number}@example.com", ELSEWHERE)
    with pytest.raises(access.TooManyAttempts):
        enter("bo@example.com", address=ELSEWHERE)
    assert enter("bo@example.com", address=HERE).email == "bo@example.com"


def test_a_network_of_ipv6_is_one_address() -> None:
    for number in range(20):
        fail(1, f"guess{number}@example.com", f"2001:db8::{number:x}")
    with pytest.raises(access.TooManyAttempts):
        enter("bo@example.com", address="2001:db8::ffff")
    fail(1, address="2001:db8:0:1::1")


def test_signing_in_clears_the_count_of_the_email_and_not_that_of_the_address() -> None:
    cast.bo()
    fail(4)
    enter("bo@example.com")
    fail(4)
    enter("bo@example.com")
    for number in range(12):
        fail(1, f"guess{number}@example.com")
    with pytest.raises(access.TooManyAttempts):
        enter("bo@example.com")


def test_a_failure_is_forgotten_after_a_day() -> None:
    fail(5)
    later = NOW + timedelta(days=1)
    with pytest.raises(access.WrongCredentials):
        enter("bo@example.com", "wrong", now=later)
    assert set(Attempt.objects.values_list("at", flat=True)) == {later}


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_the_pause() -> None:
    fail(5)
    with pytest.raises(access.TooManyAttempts) as refusal:
        enter("bo@example.com", "wrong", now=NOW - timedelta(days=300))
    assert refusal.value.wait == 30 * SECOND


@pytest.mark.django_db(transaction=True)
def test_of_thirty_guesses_at_one_moment_five_are_looked_at() -> None:
    cast.bo()
    results = cast.at_one_moment(30, lambda n: enter("bo@example.com", f"guess {n}", address=f"192.0.2.{n}"))
    kinds = [type(result) for result in results]
    assert (kinds.count(access.WrongCredentials), kinds.count(access.TooManyAttempts)) == (5, 25), results


def test_what_is_kept_of_failures_names_nobody() -> None:
    cast.bo()
    fail(2)
    kept = str(list(Attempt.objects.values())) + str(cast.deeds("sign_in.refused")[0]["details"])
    assert HERE not in kept
    assert "bo@example.com" not in kept


def session_holds(user: access.User, hash_then: str) -> bool:
    """Say whether a session that began with this hash still knows its user."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: hash_then})
    return get_user(request).is_authenticated


def test_a_changed_password_ends_other_sessions_and_all_tokens_of_that_user_alone() -> None:
    ann, bo = cast.ann(), cast.bo()
    of_ann = access.make_token(ann, access.NewToken("a", ("read:reports",)), NOW)
    of_bo = access.make_token(bo, access.NewToken("b", ("read:reports",)), NOW)
    session_of_ann, session_of_bo = ann.get_session_auth_hash(), bo.get_session_auth_hash()
    assert session_holds(bo, session_of_bo)
    access.change_password(bo, PASSWORD, ANOTHER, NOW)
    assert not session_holds(bo, session_of_bo)
    assert session_holds(bo, bo.get_session_auth_hash())
    assert session_holds(ann, session_of_ann)
    assert access.holder_of(of_bo, NOW) is None
    assert access.holder_of(of_ann, NOW) is not None
    assert enter("bo@example.com", ANOTHER) == bo


def test_a_password_is_changed_by_who_knows_it_and_guessing_gets_slow() -> None:
    bo = cast.bo()
    for _ in range(5):
        with pytest.raises(access.WrongCredentials):
            access.change_password(bo, "wrong", ANOTHER, NOW)
    with pytest.raises(access.TooManyAttempts):
        access.change_password(bo, PASSWORD, ANOTHER, NOW)
    assert enter("bo@example.com") == bo  # who guesses in a stolen session shuts nobody out
    access.change_password(bo, PASSWORD, ANOTHER, NOW + MINUTE)


def test_a_weak_password_changes_nothing() -> None:
    bo = cast.bo()
    plain = access.make_token(bo, access.NewToken("b", ("read:reports",)), NOW)
    with pytest.raises(access.WeakPassword, match="at least 10"):
        access.change_password(bo, PASSWORD, "short", NOW)
    assert access.holder_of(plain, NOW) is not None
    assert enter("bo@example.com") == bo
