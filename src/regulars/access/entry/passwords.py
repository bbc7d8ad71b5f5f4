"""Passwords: signing in, proving who one is, and choosing a new one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from regulars.access import audit
from regulars.access.entry import throttle
from regulars.access.entry.authenticator import has_totp, takes_code
from regulars.access.models import Invitation, Token, User
from regulars.access.rules import CodeNeeded, Refused, WeakPassword, WrongCode, WrongCredentials, neighbourhood
from regulars.core import sealing

LONGEST = 1_024


@dataclass(frozen=True)
class Attempted:
    """What somebody typed to sign in, and the network address it came from; code is blank when none was asked for."""

    email: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str


def sign_in(attempted: Attempted, now: datetime) -> User:
    """Return the user who may come in.

    Raises WrongCredentials (the same for a wrong password, an unknown e-mail and somebody who was let go),
    TooManyAttempts, CodeNeeded when the password is right and a code is missing, WrongCode.
    """
    email = normal_email(attempted.email)
    by_email = throttle.of_email(email)
    counted = throttle.reserve([by_email, throttle.of_address(attempted.address)], now)
    user = User.objects.filter(email=email).first()
    try:
        _let_in(user, attempted, now)
    except CodeNeeded:
        throttle.give_back(counted)
        raise
    except Refused as refusal:
        _note_refusal(user, refusal, attempted.address, now)
        raise
    assert user is not None
    throttle.give_back(counted)
    throttle.forget(by_email)
    audit.note(user.email, "user.signed_in", user.email, {"address": _address_mark(attempted.address)}, now)
    return user


def change_password(user: User, password: str, new: str, now: datetime) -> None:
    """Choose a new password, with the old one as proof; every other session and all API tokens of the user end.

    Raises WrongCredentials, TooManyAttempts, WeakPassword. The caller keeps its own session by
    django.contrib.auth.update_session_auth_hash.
    """
    _prove(user, lambda: user.check_password(_cut(password)), now)
    user.password = hashed(new, user)
    with transaction.atomic():
        user.save(update_fields=["password"])
        end_access(user)
        audit.note(user.email, "password.changed", user.email, {}, now)


def remove_totp(user: User, proof: str, now: datetime) -> None:
    """Ask for no code any more; proof is the password or a code. Raises WrongCredentials, TooManyAttempts."""
    _prove(user, lambda: user.check_password(_cut(proof)) or takes_code(user, proof, now), now)
    user.sealed_totp, user.last_totp = "", 0
    user.save(update_fields=["sealed_totp", "last_totp"])
    audit.note(user.email, "authenticator.removed", user.email, {}, now)


def end_access(user: User) -> None:
    """Take away the API tokens and open links of a user; the sessions end with the password or the user."""
    Token.objects.filter(user=user).delete()
    Invitation.objects.filter(email=user.email).delete()


def hashed(password: str, user: User) -> str:
    """Return what is kept of a new password; raise WeakPassword with the reasons when it is easily guessed."""
    if len(password) > LONGEST:
        raise WeakPassword(_("The password is too long: %(most)s signs are the most.") % {"most": LONGEST})
    try:
        validate_password(_cut(password), user)
    except ValidationError as problem:
        raise WeakPassword(" ".join(problem.messages)) from None
    return make_password(_cut(password))


def normal_email(email: str) -> str:
    """Return an e-mail as it is kept.

    >>> normal_email(" Ann@Example.COM ")
    'ann@example.com'
    """
    return _cut(email).strip().lower()


def _let_in(user: User | None, attempted: Attempted, now: datetime) -> None:
    password = _cut(attempted.password)
    if user is None:
        make_password(password)  # the work that a wrong password costs, so that the time does not tell who works here
    if user is None or not user.check_password(password) or not user.is_active:
        raise WrongCredentials(_("The e-mail or the password is wrong."))
    if has_totp(user):
        if not attempted.code.strip():
            raise CodeNeeded(_("Type the code that your authenticator app shows."))
        if not takes_code(user, attempted.code, now):
            raise WrongCode(_("This code is wrong or was used before. Wait for the next one."))


def _prove(user: User, is_right: Callable[[], bool], now: datetime) -> None:
    bucket = throttle.of_proof(user.email)
    throttle.reserve([bucket], now)
    if not is_right():
        audit.note(user.email, "proof.refused", user.email, {}, now)
        raise WrongCredentials(_("This is not your password."))
    throttle.forget(bucket)


def _note_refusal(user: User | None, refusal: Refused, address: str, now: datetime) -> None:
    # What was typed as an e-mail is not noted: too often it is a password.
    who = user.email if user else ""
    reason = "password" if isinstance(refusal, WrongCredentials) else "code"
    audit.note("nobody", "sign_in.refused", who, {"reason": reason, "address": _address_mark(address)}, now)


def _address_mark(address: str) -> str:
    return sealing.fingerprint(neighbourhood(address), "address in the audit log")[:16]


def _cut(text: str) -> str:
    """Return a text that every database and hash takes: of bearable length, without NUL and half surrogate pairs."""
    return text[: LONGEST + 1].replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
