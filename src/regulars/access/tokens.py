"""API tokens: shown once, kept as a digest, limited by scopes and by what their holder's role allows today."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.access import audit
from regulars.access.models import Token, User
from regulars.access.permissions import SCOPES, Permission, may, scopes_within
from regulars.access.rules import NotPossible

PREFIX = "rgl_"
N_BYTES = 30  # 240 bits
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """What a token shall be: a name for people, scopes of SCOPES, and when it ends, None for never."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None = None


def make_token(user: User, wanted: NewToken, now: datetime) -> str:
    """Make a token and return its text, which is shown this once; raise NotPossible when it may not be made so."""
    reason = _objection(user, wanted, now)
    if reason:
        raise NotPossible(reason)
    plain = PREFIX + secrets.token_urlsafe(N_BYTES)
    scopes = " ".join(sorted(set(wanted.scopes), key=list(SCOPES).index))
    with transaction.atomic():
        Token.objects.create(
            name=wanted.name.strip(),
            digest=digest(plain),
            hint=plain[:12],
            scopes=scopes,
            user=user,
            created_at=now,
            expires_at=wanted.expires_at,
        )
        audit.note(user.email, "token.made", wanted.name.strip(), {"scopes": scopes}, now)
    return plain


def holder_of(plain: str, now: datetime) -> tuple[User, frozenset[str]] | None:
    """Return who holds a token and what it allows now, or None for one that is unknown, revoked or out of date.

    Every answer costs one digest and one look at an index, so its time tells nothing about a guess.
    """
    token = Token.objects.select_related("user").filter(digest=digest(plain)).first()
    if token is None or not token.user.is_active or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.last_used_at is None or token.last_used_at <= now - MINUTE:
        unseen = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - MINUTE)
        Token.objects.filter(unseen, pk=token.pk).update(last_used_at=now)
    return token.user, scopes_within(token.user, token.scopes.split())


def tokens(user: User) -> list[Token]:
    """Return a user's tokens, newest first; those of everybody for who may manage. What opens doors is not in them."""
    found = Token.objects.select_related("user").order_by("-id")
    return list(found if may(user, Permission.MANAGE) else found.filter(user=user))


def revoke_token(user: User, number: int, now: datetime) -> None:
    """End a token of one's own, or anybody's for who may manage; raise NotPossible when there is none."""
    with transaction.atomic():
        token = next((one for one in tokens(user) if one.pk == number), None)
        if token is None:
            raise NotPossible(_("There is no such token any more."))
        token.delete()
        audit.note(user.email, "token.revoked", token.name, {}, now)


def digest(plain: str) -> str:
    """Return what is kept of a text of at least 128 random bits: one so long needs no slow hash."""
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _objection(user: User, wanted: NewToken, now: datetime) -> str | None:
    if not wanted.name.strip() or len(wanted.name.strip()) > 100:
        return _("Give the token a name of at most 100 letters, so that it is known again.")
    if not wanted.scopes:
        return _("Choose at least one thing that the token may do.")
    refused = sorted(set(wanted.scopes) - scopes_within(user, wanted.scopes))
    if refused:
        return _("Your role does not allow a token to do this: %(scopes)s.") % {"scopes": ", ".join(refused)}
    if wanted.expires_at is not None and wanted.expires_at <= now:
        return _("The token would have ended already; choose a later day.")
    return None
