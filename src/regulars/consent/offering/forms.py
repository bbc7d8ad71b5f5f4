"""Sign-up forms: their words under versions, the sites that may show them, and how often somebody may send one."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from regulars.access import api as access
from regulars.consent.choices import topics
from regulars.consent.models import SignUpForm, SignUpTry
from regulars.consent.rules.terms import BadStatement
from regulars.consent.suppression import normal
from regulars.core.sealing import fingerprint

CHANNELS = ("email", "sms", "push")
PER_NETWORK, NETWORK_HOURS = 30, timedelta(hours=1)  # behind one address may sit an office, or a fair with one tablet
PER_ADDRESS, ADDRESS_HOURS = 3, timedelta(days=1)
_ORIGIN = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?")


class TooManySignUps(Exception):
    """So many sign-ups came from one network that the next has to wait."""


@dataclass(frozen=True, kw_only=True)
class FormOffered:
    """A sign-up form: what stands above it, what people agree to, what it is for, and who may show it in a frame."""

    slug: str
    title: str
    text: str
    channel: str = "email"
    topics: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    is_active: bool = True
    text_version: str = ""


def sign_up_forms() -> list[FormOffered]:
    """Return the forms, those in use first."""
    return [_offered(row) for row in SignUpForm.objects.order_by("-is_active", "slug")]


def sign_up_form(slug: str) -> FormOffered | None:
    """Return a form, also one out of use."""
    row = SignUpForm.objects.filter(slug=slug).first()
    return _offered(row) if row else None


def put_sign_up_form(form: FormOffered, now: datetime) -> FormOffered:
    """Add a form or change it; raise BadStatement with what to do. Other words get the next version by themselves."""
    _checked(form)
    with transaction.atomic():
        row = SignUpForm.objects.select_for_update().filter(slug=form.slug).first()
        words = {"title": form.title.strip(), "text": form.text.strip(), "channel": form.channel}
        words["topics"] = " ".join(dict.fromkeys(form.topics))
        version = row.text_version if row else f"{form.slug}-0"
        if row is None or any(getattr(row, name) != value for name, value in words.items()):
            version = f"{form.slug}-{int(version.rpartition('-')[2]) + 1}"
        told = {
            "text_version": version,
            "origins": " ".join(form.origins),
            "is_active": form.is_active,
            "changed_at": now,
        }
        row, _ = SignUpForm.objects.update_or_create(slug=form.slug, defaults={**words, **told})
    return _offered(row)


def count_try(ip: str, address: str, now: datetime) -> bool:
    """Count a sign-up; return whether its address may get one more message today, which nobody may be told.

    Raise TooManySignUps when its network has sent too many within the hour.
    """
    network = fingerprint(access.neighbourhood(ip), "sign-ups by network")
    mailbox = fingerprint(normal(address), "sign-ups by address")
    with transaction.atomic():
        SignUpTry.objects.filter(at__lte=now - ADDRESS_HOURS).delete()
        if SignUpTry.objects.filter(who=network, at__gt=now - NETWORK_HOURS).count() >= PER_NETWORK:
            raise TooManySignUps
        n = SignUpTry.objects.filter(who=mailbox, at__gt=now - ADDRESS_HOURS).count()
        SignUpTry.objects.bulk_create([SignUpTry(who=network, at=now), SignUpTry(who=mailbox, at=now)])
    return n < PER_ADDRESS


def _checked(form: FormOffered) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", form.slug):
        raise BadStatement(
            f"'{form.slug}' cannot be in an address; write small letters, digits and hyphens, 40 at most."
        )
    if "\0" in form.title + form.text:
        raise BadStatement("There is a sign in the words that cannot be kept; type them anew.")
    if not form.title.strip() or len(form.title) > 100:
        raise BadStatement("Give the form a title of at most 100 letters; people read it above the form.")
    if not form.text.strip() or len(form.text) > 2000:
        raise BadStatement(
            "Write what people agree to, in at most 2,000 letters; it is kept as the proof of each consent."
        )
    if form.channel not in CHANNELS:
        raise BadStatement("Choose e-mail, text messages or push.")
    offered = {one.key: one for one in topics()}
    for key in form.topics:
        if key not in offered or form.channel not in offered[key].channels:
            raise BadStatement(
                f"The topic '{key}' is not offered on this channel; add it under Topics or leave it out."
            )
    for origin in form.origins:
        if not _ORIGIN.fullmatch(origin):
            raise BadStatement(
                f"'{origin}' is no site; write it like https://www.shop.example, without anything behind."
            )


def _offered(row: SignUpForm) -> FormOffered:
    return FormOffered(
        slug=row.slug,
        title=row.title,
        text=row.text,
        channel=row.channel,
        topics=tuple(row.topics.split()),
        origins=tuple(row.origins.split()),
        is_active=row.is_active,
        text_version=row.text_version,
    )
