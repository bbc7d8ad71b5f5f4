"""The audit log: everything that matters stands in it once, nothing secret does, and nobody changes it."""

from datetime import timedelta

import pytest

from regulars.access import api as access
from regulars.access.models import Deed
from tests.access import cast
from tests.access.cast import ANOTHER, NOW, PASSWORD, enter

pytestmark = pytest.mark.django_db

STEP = timedelta(seconds=30)


def test_a_life_of_a_user_stands_in_the_log_and_no_secret_does() -> None:
    owner_token = access.owner_link(NOW)
    access.create_owner(access.Newcomer(owner_token, "Ann", PASSWORD, "ann@example.com"), NOW)
    token = access.invite("bo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    bo = access.accept(access.Newcomer(token, "Bo", PASSWORD), NOW)
    with pytest.raises(access.WrongCredentials):
        enter(bo.email, "hunter2 typed wrong")
    enter(bo.email)
    app = cast.with_app(bo)
    with pytest.raises(access.WrongCode):
        enter(bo.email, code="abcdef", now=NOW + STEP)
    access.remove_totp(bo, app.at(NOW + STEP), NOW + STEP)
    access.change_role(bo.email, access.Role.MARKETER, "ann@example.com", NOW)
    bo.refresh_from_db()
    plain = access.make_token(bo, access.NewToken("sync", ("write:facts",)), NOW)
    access.revoke_token(bo, access.tokens(bo)[0].pk, NOW)
    with pytest.raises(access.WrongCredentials):
        access.change_password(bo, "hunter2 typed wrong", ANOTHER, NOW)
    access.change_password(bo, PASSWORD, ANOTHER, NOW)
    link = access.reset(bo.email, "console", NOW)
    access.accept(access.Newcomer(link, "", PASSWORD), NOW)
    access.deactivate(bo.email, "ann@example.com", NOW)
    access.invite("cleo@example.com", access.Role.ANALYST, "ann@example.com", NOW)
    access.withdraw("cleo@example.com", "ann@example.com", NOW)
    lines = cast.deeds()[::-1]
    assert [(line["actor"].partition("@")[0], line["action"]) for line in lines] == [
        ("regulars", "owner_link.made"),
        ("ann", "owner.created"),
        ("ann", "user.invited"),
        ("bo", "user.joined"),
        ("nobody", "sign_in.refused"),
        ("bo", "user.signed_in"),
        ("bo", "authenticator.added"),
        ("nobody", "sign_in.refused"),
        ("bo", "authenticator.removed"),
        ("ann", "role.changed"),
        ("bo", "token.made"),
        ("bo", "token.revoked"),
        ("bo", "proof.refused"),
        ("bo", "password.changed"),
        ("console", "password.reset_asked"),
        ("bo", "password.reset"),
        ("ann", "user.deactivated"),
        ("ann", "user.invited"),
        ("ann", "invitation.withdrawn"),
    ]
    told = str(lines)
    for secret in (owner_token, token, plain, link, app.secret, PASSWORD, ANOTHER, "hunter2", cast.HERE):
        assert secret not in told


def test_what_a_stranger_typed_as_an_email_is_not_kept() -> None:
    with pytest.raises(access.WrongCredentials):
        enter("my password by mistake")
    line = cast.deeds("sign_in.refused")[0]
    assert (line["about"], line["details"]["reason"]) == ("", "password")
    assert len(line["details"]["address"]) == 16


def test_what_was_undone_leaves_no_line() -> None:
    ann = cast.ann()
    with pytest.raises(access.NotPossible):
        access.deactivate(ann.email, ann.email, NOW)
    access.change_role(ann.email, access.Role.OWNER, ann.email, NOW)
    assert cast.deeds() == []


def test_the_log_is_only_ever_added_to() -> None:
    access.note("ann@example.com", "shop.rebuilt", "", {}, NOW)
    deed = Deed.objects.get()
    deed.actor = "somebody else"
    for change in (deed.save, deed.delete, Deed.objects.all().delete, lambda: Deed.objects.update(actor="x")):
        with pytest.raises(TypeError, match="only ever added to"):
            change()
    assert Deed.objects.get().actor == "ann@example.com"


@pytest.mark.parametrize("value", ["cleo@shop.example", "rgl_abcdefgh1234", "x" * 201, "an e-mail: c@d in a text"])
def test_a_detail_that_looks_like_a_customer_or_a_secret_is_a_fault(value: str) -> None:
    with pytest.raises(ValueError, match="leave what out"):
        access.note("ann@example.com", "job.asked", "7", {"what": value}, NOW)
    assert cast.deeds() == []


def test_one_deed_cannot_be_made_to_look_like_two() -> None:
    access.note("ann\n2024 nobody did this", "job.asked\r", "7\x00\u2028\x1b[2J", {}, NOW)
    line = cast.deeds()[0]
    assert (line["actor"], line["action"]) == ("ann 2024 nobody did this", "job.asked ")
    assert line["about"].isprintable()
    access.note("a" * 1_000, "b" * 1_000, "c" * 1_000, {}, NOW)
    assert [len(cast.deeds()[0][name]) for name in ("actor", "action", "about")] == [254, 64, 255]


def test_the_log_is_read_newest_first_in_pages_and_by_who_and_what() -> None:
    for number in range(7):
        access.note(("ann", "bo")[number % 2], ("job.asked", "job.cancelled")[number % 3 == 0], str(number), {}, NOW)
    first = access.deeds(None, 3)
    second = access.deeds(first[-1]["id"], 3)
    assert [line["about"] for line in first + second] == ["6", "5", "4", "3", "2", "1"]
    assert [line["about"] for line in access.deeds(None, 10, actor="bo")] == ["5", "3", "1"]
    assert [line["about"] for line in access.deeds(None, 10, action="job.cancelled", actor="ann")] == ["6", "0"]
    assert len(access.deeds(None, 0)) == 1
    assert access.deeds(10**30, 10) == access.deeds(None, 10)
