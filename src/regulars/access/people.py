"""Users and what becomes of them: listed, given another role, let go; the last owner stays."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.access import audit
from regulars.access.entry.passwords import end_access, normal_email
from regulars.access.models import Role, User
from regulars.access.rules import NotPossible, UnknownUser


def users() -> list[User]:
    """Return everybody who works or worked here: who still does first, then by e-mail."""
    return list(User.objects.order_by("-is_active", "email"))


def change_role(email: str, role: Role, by: str, now: datetime) -> User:
    """Give a user another role, which counts from the next request on; raise UnknownUser, NotPossible for the last owner."""
    role = Role(role)
    with transaction.atomic():
        user = _locked(email)
        before = user.role
        if role != Role.OWNER:
            _refuse_to_lose_the_last_owner(user)
        user.role = role
        user.save(update_fields=["role"])
        if before != role:
            audit.note(by, "role.changed", user.email, {"before": before, "after": str(role)}, now)
    return user


def deactivate(email: str, by: str, now: datetime) -> User:
    """Let a user go: sessions, API tokens and open links end; raise UnknownUser, NotPossible for the last owner.

    The row stays, for the audit log's sake; a new invitation brings the person back.
    """
    with transaction.atomic():
        user = _locked(email)
        _refuse_to_lose_the_last_owner(user)
        user.is_active, user.sealed_totp, user.last_totp = False, "", 0
        user.set_unusable_password()  # a session that is still about must not come alive again with the person
        user.save(update_fields=["is_active", "sealed_totp", "last_totp", "password"])
        end_access(user)
        audit.note(by, "user.deactivated", user.email, {}, now)
    return user


def _locked(email: str) -> User:
    """Return an active user; owners are locked with it, so that two owners cannot remove each other at one moment."""
    list(User.objects.select_for_update().filter(role=Role.OWNER).order_by("pk"))
    user = User.objects.filter(email=normal_email(email), is_active=True).first()
    if user is None:
        raise UnknownUser(_("Nobody with the e-mail %(email)s works here.") % {"email": email})
    return user


def _refuse_to_lose_the_last_owner(user: User) -> None:
    others = User.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=user.pk)
    if user.role == Role.OWNER and not others.exists():
        raise NotPossible(_("This is the last owner. Make somebody else an owner first."))
