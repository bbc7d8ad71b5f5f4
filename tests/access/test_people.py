"""Users: another role, let go, brought back; and an owner is always left."""

import pytest

from regulars.access import api as access
from tests.access import cast
from tests.access.cast import ANOTHER, NOW, enter

pytestmark = pytest.mark.django_db


def test_everybody_is_listed_and_who_is_gone_comes_last() -> None:
    for joins in (cast.dov, cast.ann, cast.bo):
        joins()
    access.deactivate("bo@example.com", "ann@example.com", NOW)
    assert [user.email for user in access.users()] == ["ann@example.com", "dov@example.com", "bo@example.com"]


def test_another_role_counts_at_once() -> None:
    cast.ann()
    user = cast.dov()
    assert not access.may(user, access.Permission.IMPORT_DATA)
    access.change_role("Dov@example.com", access.Role.MARKETER, "ann@example.com", NOW)
    user.refresh_from_db()
    assert access.may(user, access.Permission.IMPORT_DATA)


def test_a_word_that_is_no_role_is_refused() -> None:
    cast.ann()
    cast.bo()
    with pytest.raises(ValueError, match="boss"):
        access.change_role("bo@example.com", "boss", "ann@example.com", NOW)  # type: ignore[arg-type]


def test_the_last_owner_stays_an_owner() -> None:
    ann = cast.ann()
    cast.bo()
    with pytest.raises(access.NotPossible, match="last owner"):
        access.deactivate(ann.email, ann.email, NOW)
    with pytest.raises(access.NotPossible, match="last owner"):
        access.change_role(ann.email, access.Role.ANALYST, ann.email, NOW)
    access.change_role(ann.email, access.Role.OWNER, ann.email, NOW)
    access.change_role("bo@example.com", access.Role.OWNER, ann.email, NOW)
    access.deactivate(ann.email, "bo@example.com", NOW)
    assert access.owner_exists()


def test_an_owner_who_was_let_go_does_not_count_as_one_who_is_left() -> None:
    ann, bo = cast.ann(), cast.bo()
    access.change_role(bo.email, access.Role.OWNER, ann.email, NOW)
    access.deactivate(bo.email, ann.email, NOW)
    with pytest.raises(access.NotPossible, match="last owner"):
        access.deactivate(ann.email, ann.email, NOW)


@pytest.mark.django_db(transaction=True)
def test_owners_who_let_each_other_go_at_one_moment_leave_one() -> None:
    emails = [cast.person(f"one{number}@example.com", access.Role.OWNER).email for number in range(6)]

    def act(number: int) -> object:
        target = emails[(number + 1) % 6]
        if number % 2:
            return access.deactivate(target, emails[number], NOW)
        return access.change_role(target, access.Role.SUPPORT, emails[number], NOW)

    results = cast.at_one_moment(6, act)
    assert access.User.objects.filter(role="owner", is_active=True).count() == 1
    assert [type(result) for result in results if not isinstance(result, access.User)] == [access.NotPossible]


def test_who_was_let_go_is_unknown_until_invited_again_and_comes_back_with_a_new_password_alone() -> None:
    cast.ann()
    user = cast.bo()
    cast.with_app(user)
    session = user.get_session_auth_hash()
    access.deactivate(user.email, "ann@example.com", NOW)
    for door in (access.deactivate, access.reset):
        with pytest.raises(access.UnknownUser):
            door(user.email, "ann@example.com", NOW)
    with pytest.raises(access.UnknownUser):
        access.change_role(user.email, access.Role.OWNER, "ann@example.com", NOW)
    token = access.invite(user.email, access.Role.ANALYST, "ann@example.com", NOW)
    with pytest.raises(access.WrongCredentials):
        enter(user.email)
    back = access.accept(access.Newcomer(token, "", ANOTHER), NOW)
    assert (back.pk, back.role, back.name, access.has_totp(back)) == (user.pk, "analyst", "Bo", False)
    assert back.get_session_auth_hash() != session
    assert enter(user.email, ANOTHER) == user
