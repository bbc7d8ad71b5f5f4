"""One-time links: each is used once, by one, in time, for what it was made for; every other answer is the same."""

from datetime import timedelta

import pytest

from regulars.access import api as access
from tests.access import cast
from tests.access.cast import ANOTHER, NOW, PASSWORD

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def owner(token: str, email: str = "ann@example.com", password: str = PASSWORD) -> access.Newcomer:
    return access.Newcomer(token, "Ann", password, email)


def joining(token: str, password: str = PASSWORD) -> access.Newcomer:
    return access.Newcomer(token, "Bo", password)


def test_the_first_owner_is_made_with_the_link_and_then_owns() -> None:
    assert not access.owner_exists()
    user = access.create_owner(owner(access.owner_link(NOW), " Ann@Example.com"), NOW)
    assert (user.email, user.role, user.is_active) == ("ann@example.com", "owner", True)
    assert access.owner_exists()
    assert cast.enter("ann@example.com") == user


def test_where_an_owner_is_no_owner_link_is_made_and_none_works() -> None:
    token = access.owner_link(NOW)
    access.create_owner(owner(token), NOW)
    with pytest.raises(access.NotPossible, match="regulars users reset"):
        access.owner_link(NOW)
    with pytest.raises(access.BadLink):
        access.create_owner(owner(token, "bo@example.com"), NOW)


def test_a_new_owner_link_makes_the_one_before_invalid() -> None:
    first, second = access.owner_link(NOW), access.owner_link(NOW)
    with pytest.raises(access.BadLink):
        access.create_owner(owner(first), NOW)
    assert access.create_owner(owner(second), NOW).email == "ann@example.com"


def test_every_wrong_link_gets_the_same_answer() -> None:
    answers = set()

    def refused(newcomer: access.Newcomer, now: object = NOW) -> None:
        for door in (access.create_owner, access.accept):
            with pytest.raises(access.BadLink) as refusal:
                door(newcomer, now)  # type: ignore[arg-type]
            answers.add(str(refusal.value))

    for rubbish in ("", "guess", "\x00", "\ud800", "a" * 10_000):
        refused(owner(rubbish))
        refused(owner(rubbish, "no e-mail", "weak"))
    stale = access.owner_link(NOW)
    refused(owner(stale), NOW + DAY)
    used = access.owner_link(NOW)
    access.create_owner(owner(used), NOW + DAY - timedelta(seconds=1))
    refused(owner(used))
    invited = access.invite("bo@example.com", access.Role.MARKETER, "ann@example.com", NOW)
    refused(joining(invited), NOW + 3 * DAY)
    access.accept(joining(invited), NOW)
    refused(joining(invited))
    assert len(answers) == 1


def test_a_link_is_for_one_thing() -> None:
    with pytest.raises(access.BadLink):
        access.accept(joining(access.owner_link(NOW)), NOW)
    invited = access.invite("bo@example.com", access.Role.OWNER, "console", NOW)
    with pytest.raises(access.BadLink):
        access.create_owner(owner(invited, "bo@example.com"), NOW)


@pytest.mark.parametrize(
    ("email", "password", "refusal"),
    [
        ("no e-mail", PASSWORD, access.NotPossible),
        ("", PASSWORD, access.NotPossible),
        ("ann@example.com", "short", access.WeakPassword),
        ("ann@example.com", "password1234", access.WeakPassword),
        ("ann@example.com", "12345678901234", access.WeakPassword),
        ("ann@example.com", "ann@example.com", access.WeakPassword),
        ("ann@example.com", "x" * 5_000, access.WeakPassword),
    ],
)
def test_a_mistake_does_not_use_the_link_up(email: str, password: str, refusal: type[access.Refused]) -> None:
    token = access.owner_link(NOW)
    with pytest.raises(refusal):
        access.create_owner(owner(token, email, password), NOW)
    assert access.create_owner(owner(token), NOW).role == "owner"


def test_an_invited_person_gets_the_role_of_the_invitation() -> None:
    cast.ann()
    token = access.invite("BO@example.com", access.Role.SUPPORT, "ann@example.com", NOW)
    assert [link.email for link in access.invitations(NOW)] == ["bo@example.com"]
    user = access.accept(joining(token), NOW)
    assert (user.email, user.role, user.name) == ("bo@example.com", "support", "Bo")
    assert access.invitations(NOW) == []


def test_a_second_invitation_replaces_the_first_and_its_role() -> None:
    first = access.invite("bo@example.com", access.Role.OWNER, "ann@example.com", NOW)
    second = access.invite("bo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    with pytest.raises(access.BadLink):
        access.accept(joining(first), NOW)
    assert access.accept(joining(second), NOW).role == "analyst"


def test_who_works_here_is_not_invited_again() -> None:
    cast.bo()
    with pytest.raises(access.NotPossible, match="works here already"):
        access.invite("Bo@example.com", access.Role.OWNER, "ann@example.com", NOW)


def test_a_withdrawn_invitation_is_worth_nothing() -> None:
    token = access.invite("bo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    access.withdraw("bo@example.com", "ann@example.com", NOW)
    with pytest.raises(access.BadLink):
        access.accept(joining(token), NOW)
    for email in ("bo@example.com", "", "nobody@example.com"):
        with pytest.raises(access.UnknownUser):
            access.withdraw(email, "ann@example.com", NOW)


def test_a_reset_gives_a_new_password_and_ends_tokens_and_keeps_the_role() -> None:
    user = cast.bo()
    plain = access.make_token(user, access.NewToken("sync", ("write:facts",)), NOW)
    before = user.get_session_auth_hash()
    token = access.reset("bo@example.com", "console", NOW)
    again = access.accept(access.Newcomer(token, "", ANOTHER), NOW)
    assert (again.pk, again.role, again.name) == (user.pk, "marketer", "Bo")
    assert again.get_session_auth_hash() != before
    assert access.holder_of(plain, NOW) is None
    assert cast.enter("bo@example.com", ANOTHER) == user
    with pytest.raises(access.WrongCredentials):
        cast.enter("bo@example.com", PASSWORD)


def test_a_reset_keeps_the_authenticator_app_unless_the_phone_is_lost() -> None:
    user = cast.bo()
    cast.with_app(user)
    kept = access.accept(access.Newcomer(access.reset(user.email, "console", NOW), "", ANOTHER), NOW)
    assert access.has_totp(kept)
    token = access.reset(user.email, "console", NOW, drops_totp=True)
    assert access.has_totp(access.User.objects.get())
    assert not access.has_totp(access.accept(access.Newcomer(token, "", PASSWORD), NOW))


def test_a_reset_link_lets_one_in_who_would_have_to_wait() -> None:
    cast.bo()
    for _ in range(5):
        with pytest.raises(access.WrongCredentials):
            cast.enter("bo@example.com", "wrong", address=cast.ELSEWHERE)
    with pytest.raises(access.TooManyAttempts):
        cast.enter("bo@example.com")
    access.accept(access.Newcomer(access.reset("bo@example.com", "console", NOW), "", ANOTHER), NOW)
    assert cast.enter("bo@example.com", ANOTHER).email == "bo@example.com"


def test_a_reset_link_dies_with_its_user_and_with_a_changed_password() -> None:
    cast.ann()
    user = cast.bo()
    first = access.reset(user.email, "console", NOW)
    access.change_password(user, PASSWORD, ANOTHER, NOW)
    second = access.reset(user.email, "console", NOW)
    access.deactivate(user.email, "ann@example.com", NOW)
    for token in (first, second):
        with pytest.raises(access.BadLink):
            access.accept(access.Newcomer(token, "", PASSWORD), NOW)
    with pytest.raises(access.UnknownUser):
        access.reset(user.email, "console", NOW)


def test_no_link_stands_in_the_database_or_in_a_text_of_its_object() -> None:
    token = access.invite("bo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    assert token not in str(list(access.Invitation.objects.values()))
    assert token not in str(cast.deeds())
    assert token not in repr(access.Newcomer(token, "Bo", PASSWORD))
    assert PASSWORD not in repr(access.Newcomer(token, "Bo", PASSWORD))


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_use_one_owner_link_at_one_moment_one_owns() -> None:
    token = access.owner_link(NOW)
    results = cast.at_one_moment(8, lambda n: access.create_owner(owner(token, f"one{n}@example.com"), NOW))
    assert sum(isinstance(result, access.User) for result in results) == 1, results
    assert sum(isinstance(result, access.BadLink) for result in results) == 7, results
    assert access.User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_make_and_use_an_owner_link_at_one_moment_one_owns() -> None:
    results = cast.at_one_moment(
        8, lambda n: access.create_owner(owner(access.owner_link(NOW), f"one{n}@example.com"), NOW)
    )
    assert sum(isinstance(result, access.User) for result in results) == 1, results
    assert all(isinstance(result, access.User | access.Refused) for result in results), results
    assert access.User.objects.filter(role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_use_one_invitation_at_one_moment_one_joins() -> None:
    token = access.invite("bo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    results = cast.at_one_moment(8, lambda n: access.accept(access.Newcomer(token, f"Bo {n}", PASSWORD), NOW))
    assert sum(isinstance(result, access.User) for result in results) == 1, results
    assert sum(isinstance(result, access.BadLink) for result in results) == 7, results
