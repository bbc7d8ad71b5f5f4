"""Signing up with double opt-in: the request, and the message with its link, in one commit."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from regulars.consent import api as consent
from regulars.core.settings import base_url, current
from regulars.messaging.outbox.asking import Request, request
from regulars.profiles import api as profiles

NAME = "confirm_subscription"
TEMPLATES = {"email": NAME, "sms": f"{NAME}_sms"}
IDENTIFIERS = {"email": "email", "sms": "phone"}
STRENGTH = 95  # somebody waits for it
LONGEST = 254


class BadAddress(ValueError):
    """What was typed is no e-mail address, or no phone number with its country."""


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What somebody sent by a form: page is the form's address, locale the language of their browser."""

    form: consent.FormOffered
    address: str
    ip: str = ""
    page: str = ""
    locale: str = ""


def sign_up(told: SignUp, now: datetime) -> None:
    """Ask for a confirmation at the address that was typed; whether anybody is known by it makes no difference to see.

    Raise BadAddress, or consent.TooManySignUps. An address that was asked often enough today gets nothing more, silently.
    """
    channel = told.form.channel
    address = written(channel, told.address)
    with transaction.atomic():
        if not consent.count_try(told.ip, address, now):
            return
        people = {IDENTIFIERS[channel]: address}
        topic, *more = told.form.topics or ("",)
        token = consent.request(people, address, _statement(told, topic), now, more)
        asked = _message(told, address, token, min(profiles.known(people), default=0))
        request([replace(asked, good_until=now + consent.CONFIRM_WITHIN)], now)


def written(channel: str, address: str) -> str:
    """Return an address in its one written form, or raise BadAddress."""
    if channel == "sms":
        if phone := profiles.international(address):
            return phone
        raise BadAddress(address)
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress(address) from None
    if len(address) > LONGEST or "." not in address.rpartition("@")[2]:
        raise BadAddress(address)
    return address


def _statement(told: SignUp, topic: str) -> consent.Statement:
    form = told.form
    return consent.Statement(
        channel=form.channel,
        topic=topic,
        method=consent.Method.FORM,
        text=form.text,
        text_version=form.text_version,
        source="sign-up form",
        proof={"form": form.slug, "title": form.title, "page": told.page},
        ip=told.ip,
    )


def _message(told: SignUp, address: str, token: str, customer: int) -> Request:
    form = told.form
    return Request(
        customer_id=customer,
        name=NAME,
        occurrence=hashlib.sha256(token.encode()).hexdigest()[:32],
        channel=form.channel,
        template=TEMPLATES[form.channel],
        is_marketing=False,
        data={
            "confirm_url": f"{base_url(current())}/confirm/{token}",
            "sign_up": {"title": form.title, "text": form.text},
            "locale": told.locale,
        },
        strength=STRENGTH,
        to=address,
    )
