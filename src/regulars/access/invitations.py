"""One-time links: the first owner's, an invited person's, and one for who forgot the password."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from regulars.access import audit
from regulars.access.entry import throttle
from regulars.access.entry.passwords import end_access, hashed, normal_email
from regulars.access.models import Invitation, Purpose, Role, User
from regulars.access.rules import BadLink, NotPossible, UnknownUser
from regulars.access.tokens import digest

N_BYTES = 24  # 192 bits
VALID = {Purpose.FIRST_OWNER: timedelta(hours=24), Purpose.JOIN: timedelta(days=3), Purpose.RESET: timedelta(hours=24)}
ITSELF = "regulars"
CHANGED_BY_RESET = ("password", "name", "sealed_totp", "last_totp")  # and not the role, which may change meanwhile


@dataclass(frozen=True)
class Newcomer:
    """What somebody sends who has a one-time link; email only from the first owner, a blank name keeps the old one."""

    token: str = field(repr=False)
    name: str
    password: str = field(repr=False)
    email: str = ""


def owner_exists() -> bool:
    """Say whether somebody owns this installation; until then the first visit is open on this machine."""
    return User.objects.filter(role=Role.OWNER, is_active=True).exists()


def owner_link(now: datetime) -> str:
    """Return a one-time token, good for 24 hours, with which the first owner's account is made; the one before ends.

    Raises NotPossible when there is an owner already.
    """
    with transaction.atomic():
        token = _issued(Invitation(email="", purpose=Purpose.FIRST_OWNER, role=Role.OWNER), now)
        # Asked after the row is locked: who makes the owner holds the same lock, so no link is made behind its back.
        if owner_exists():
            raise NotPossible(_("This installation has an owner. A new password: regulars users reset E-MAIL"))
        audit.note(ITSELF, "owner_link.made", "", {}, now)
    return token


def invite(email: str, role: Role, by: str, now: datetime) -> str:
    """Return a one-time token, good for three days, by which a person joins with this role; by is who invites.

    An invitation that is open for the same e-mail ends. Raises NotPossible for a wrong e-mail or one who works here.
    """
    email = valid_email(email)
    if User.objects.filter(email=email, is_active=True).exists():
        raise NotPossible(_("%(email)s works here already.") % {"email": email})
    with transaction.atomic():
        token = _issued(Invitation(email=email, purpose=Purpose.JOIN, role=Role(role)), now)
        audit.note(by, "user.invited", email, {"role": str(Role(role))}, now)
    return token


def reset(email: str, by: str, now: datetime, drops_totp: bool = False) -> str:
    """Return a one-time token, good for 24 hours, by which a user chooses a new password.

    drops_totp takes the authenticator app away when the link is used, for a lost phone. Raises UnknownUser.
    """
    user = User.objects.filter(email=normal_email(email), is_active=True).first()
    if user is None:
        raise UnknownUser(_("Nobody with the e-mail %(email)s works here.") % {"email": email})
    link = Invitation(email=user.email, purpose=Purpose.RESET, role=user.role, drops_totp=drops_totp)
    with transaction.atomic():
        token = _issued(link, now)
        audit.note(by, "password.reset_asked", user.email, {"drops_totp": drops_totp}, now)
    return token


def create_owner(newcomer: Newcomer, now: datetime) -> User:
    """Make the first owner's account; raise BadLink, WeakPassword, or NotPossible for a wrong e-mail."""
    return _redeemed(newcomer, (Purpose.FIRST_OWNER,), now)


def accept(newcomer: Newcomer, now: datetime) -> User:
    """Take an invitation or choose a new password, and return the user; raise BadLink or WeakPassword.

    A new password ends every session and API token of the user, and what was counted against wrong sign-ins.
    """
    return _redeemed(newcomer, (Purpose.JOIN, Purpose.RESET), now)


def invitations(now: datetime) -> list[Invitation]:
    """Return the open invitations of people who have not joined yet, the soonest to end first."""
    return list(_open(now).filter(purpose=Purpose.JOIN).order_by("expires_at"))


def withdraw(email: str, by: str, now: datetime) -> None:
    """End the open link of an e-mail; raise UnknownUser when there is none."""
    email = normal_email(email)
    with transaction.atomic():
        if not email or not _open(now).filter(email=email).delete()[0]:
            raise UnknownUser(_("There is no open invitation for %(email)s.") % {"email": email})
        audit.note(by, "invitation.withdrawn", email, {}, now)


def valid_email(email: str) -> str:
    """Return an e-mail as it is kept; raise NotPossible when it is none."""
    email = normal_email(email)
    try:
        validate_email(email)
    except ValidationError:
        raise NotPossible(_("This is not an e-mail address; write it like ann@example.com.")) from None
    return email


def _issued(link: Invitation, now: datetime) -> str:
    token = secrets.token_urlsafe(N_BYTES)
    fresh = {
        "digest": digest(token),
        "purpose": link.purpose,
        "role": link.role,
        "drops_totp": link.drops_totp,
        "expires_at": now + VALID[Purpose(link.purpose)],
        "used_at": None,
    }
    Invitation.objects.update_or_create(email=link.email, defaults=fresh)
    return token


def _open(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at__isnull=True, expires_at__gt=now)


def _redeemed(newcomer: Newcomer, purposes: tuple[Purpose, ...], now: datetime) -> User:
    link = _open(now).filter(digest=digest(newcomer.token), purpose__in=purposes).first()
    if link is None:
        raise _bad_link()
    user = _person_of(link, newcomer, now)
    user.password = hashed(newcomer.password, user)  # slow, so before the transaction: no webhook waits for it
    with transaction.atomic():
        _use_up(link, now)
        user.save(update_fields=CHANGED_BY_RESET if link.purpose == Purpose.RESET else None)
        end_access(user)
        audit.note(user.email, *_deed_of(link, user), now)
    throttle.forget(throttle.of_email(user.email))
    return user


def _person_of(link: Invitation, newcomer: Newcomer, now: datetime) -> User:
    """Return the user as the link makes it, not saved yet; raise BadLink when it no longer fits who works here."""
    first = link.purpose == Purpose.FIRST_OWNER
    email = valid_email(newcomer.email) if first else link.email
    user = User.objects.filter(email=email).first() or User(email=email, created_at=now, is_active=False)
    if user.is_active != (link.purpose == Purpose.RESET):
        raise _bad_link()
    if link.purpose != Purpose.RESET:
        user.role, user.is_active = link.role, True
    if link.drops_totp:
        user.sealed_totp, user.last_totp = "", 0
    user.name = newcomer.name.replace("\x00", "").strip()[:150] or user.name
    return user


def _use_up(link: Invitation, now: datetime) -> None:
    """Mark the link as used; of all who hold it at one moment exactly one gets by, the others get BadLink."""
    if not _open(now).filter(pk=link.pk, digest=link.digest).update(used_at=now):
        raise _bad_link()
    if link.purpose == Purpose.FIRST_OWNER and owner_exists():
        raise _bad_link()


def _deed_of(link: Invitation, user: User) -> tuple[str, str, dict[str, audit.Plain]]:
    if link.purpose == Purpose.FIRST_OWNER:
        return "owner.created", user.email, {}
    if link.purpose == Purpose.JOIN:
        return "user.joined", user.email, {"role": user.role}
    return "password.reset", user.email, {"drops_totp": link.drops_totp}


def _bad_link() -> BadLink:
    return BadLink(_("This link is not valid, or no longer. Ask for a new one."))
