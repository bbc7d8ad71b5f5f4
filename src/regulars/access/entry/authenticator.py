"""The authenticator app: codes of six digits that change every 30 seconds (RFC 6238), each taken once."""

import hmac
import re
from datetime import datetime

import pyotp
import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.access import audit
from regulars.access.models import User
from regulars.access.rules import NotPossible, WrongCode
from regulars.core import sealing

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be wrong, either way
PURPOSE = "authenticator secret"


def has_totp(user: User) -> bool:
    """Say whether signing in asks for a code."""
    return bool(user.sealed_totp)


def begin_totp(user: User) -> tuple[str, str]:
    """Return a new secret and the otpauth address for the app to read; nothing is kept until confirm_totp."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Regulars")


def confirm_totp(user: User, secret: str, code: str, now: datetime) -> None:
    """Keep the secret once a code shows that the app has it; raise WrongCode, or NotPossible when there is one already."""
    if has_totp(user):
        raise NotPossible(_("There is an authenticator app already. Take it away first."))
    if not re.fullmatch("[A-Z2-7]{32}", secret):
        raise NotPossible(_("Begin again: the secret is no longer known."))
    step = _step_of(secret, code, now)
    if step is None:
        raise WrongCode(_("This code is wrong. Check that your phone’s clock is right, then type the newest code."))
    user.sealed_totp, user.last_totp = sealing.seal(secret, PURPOSE), step
    # Only where there is none: of two that are confirmed at one moment the first counts, and the second is told.
    if not User.objects.filter(pk=user.pk, sealed_totp="").update(sealed_totp=user.sealed_totp, last_totp=step):
        raise NotPossible(_("There is an authenticator app already. Take it away first."))
    audit.note(user.email, "authenticator.added", user.email, {}, now)


def takes_code(user: User, code: str, now: datetime) -> bool:
    """Say whether a code is right, and use it up: the same code, or an older one, is refused from then on."""
    if not has_totp(user):
        return False
    try:
        secret = sealing.unseal(user.sealed_totp, PURPOSE)
    except sealing.BadSeal:
        raise NotPossible(
            _("The authenticator’s secret was kept with another key; ask for a new sign-in link.")
        ) from None
    step = _step_of(secret, code, now)
    if step is None:
        return False
    # One statement, so that of two who send the same code at one moment only one is let in.
    return User.objects.filter(pk=user.pk, last_totp__lt=step).update(last_totp=step) == 1


def qr_svg(uri: str) -> SafeString:
    """Return a picture of the address as SVG, for a page; black on white, as phones read it, in dark mode too."""
    drawn = segno.make(uri, micro=False).svg_inline(scale=5, dark="#000", light="#fff", title=_("Code to scan"))
    return SafeString(drawn.replace("<svg ", '<svg role="img" ', 1))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of 30 seconds, counted from 1970, to which a code belongs, or None when it is wrong."""
    typed = "".join(code.split()).encode("utf-8", "replace")
    present = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    steps = range(present - DRIFT, present + DRIFT + 1)
    fits = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode("ascii"), typed)]
    return max(fits, default=None)
