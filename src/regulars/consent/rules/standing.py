"""Whether the law lets somebody be written to, why, and until when.

Sources: GDPR and ePrivacy directive 2002/58/EC art. 13; Canada's CASL s. 10(9) and (10); US CAN-SPAM (15 USC 7704);
US TCPA (47 CFR 64.1200(f)(9)) for text messages, taken as the measure everywhere.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from regulars.consent.rules.countries import Regime, regime
from regulars.consent.rules.settling import Said, Settled, State, latest, of_topic
from regulars.consent.rules.terms import Basis, Kind

MONTHS_AFTER_PURCHASE = 24
MONTHS_AFTER_INQUIRY = 6
MONTHS_OF_SOFT_OPT_IN = 24  # art. 13(2) names no end; the house stops as early as CASL does
WRITTEN = ("sms", "whatsapp")  # nothing but an express consent whose words are on record


class Reason(StrEnum):
    """Why somebody may, or may not, be written to."""

    EXPRESS = "express"
    SOFT_OPT_IN = "soft_opt_in"
    PURCHASE = "implied_purchase"
    INQUIRY = "implied_inquiry"
    NO_OBJECTION = "no_objection"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"
    EXPIRED = "expired"
    NOT_WRITTEN = "not_written"
    CONDITION_OF_SALE = "condition_of_sale"
    NOT_CHOSEN = "not_chosen"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True)
class ConsentStanding:
    """The answer for one person: until is the last day on which it holds, None without an end."""

    allowed: bool
    basis: str
    until: date | None
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For what and under which circumstances it is asked; days are those of the shop's calendar.

    soft_opt_in: the shop tells customers at the checkout that it writes about similar products, and how to say no.
    import_text_version: under which words the yes of an import was given; without it such a yes is not a written one.
    """

    country: str = ""
    channel: str = "email"
    topic: str = ""
    topic_is_default: bool = True
    today: date
    last_purchase_on: date | None = None
    last_inquiry_on: date | None = None
    soft_opt_in: bool = False
    import_text_version: str = ""


def standing_rule(said: Sequence[Said], asked: Asked) -> ConsentStanding:
    """Return whether a person may be written to: by express consent, else by what the law of their country implies.

    >>> canada = Asked(country="CA", today=date(2026, 2, 28), last_purchase_on=date(2024, 2, 29))
    >>> standing_rule([], canada).reason.value, standing_rule([], replace(canada, today=date(2026, 3, 1))).reason.value
    ('implied_purchase', 'no_consent')
    >>> standing_rule([], Asked(country="US", today=date(2024, 6, 1))).reason.value
    'no_objection'
    >>> standing_rule([], Asked(country="US", channel="sms", today=date(2024, 6, 1))).reason.value
    'no_consent'
    """
    said = [one for one in said if one.topic in ("", asked.topic)]
    stands = of_topic(said, asked.topic, asked.topic_is_default)
    if stands is not None and stands.left_at is not None:
        return _no(Reason.PENDING if stands.state == State.PENDING else Reason.WITHDRAWN)
    refusal = _express_refusal(stands, said, asked)
    if refusal is None:
        assert stands is not None
        return ConsentStanding(True, Basis.EXPRESS, stands.said.expires_on, Reason.EXPRESS)
    if asked.channel == "email":
        if not asked.topic_is_default:
            return _no(Reason.NOT_CHOSEN if refusal == Reason.NO_CONSENT else refusal)
        if by_law := _implied(latest(said), asked):
            return by_law
    return _no(refusal)


def may_be_implied(asked: Asked) -> bool:
    """Tell whether the day of the last purchase can make a difference.

    >>> may_be_implied(Asked(country="CA", today=date(2024, 6, 1))), may_be_implied(Asked(country="DE", today=date(2024, 6, 1)))
    (True, False)
    """
    law = regime(asked.country)
    return asked.channel == "email" and (law == Regime.CASL or (law == Regime.EPRIVACY and asked.soft_opt_in))


def _express_refusal(stands: Settled | None, said: Sequence[Said], asked: Asked) -> Reason | None:
    """Return why there is no express consent, or None where there is one."""
    if stands is None:
        return Reason.CONDITION_OF_SALE if Kind.TIED in latest(said) else Reason.NO_CONSENT
    if stands.state == State.PENDING:
        return Reason.PENDING
    if stands.said.kind not in (Kind.ACT, Kind.FLAG):
        return Reason.NO_CONSENT
    if stands.said.expires_on is not None and stands.said.expires_on < asked.today:
        return Reason.EXPIRED
    if asked.channel in WRITTEN and not text_version(stands.said, asked.import_text_version):
        return Reason.NOT_WRITTEN
    return None


def text_version(said: Said, import_text_version: str) -> str:
    """Return the version of the words that a person agreed to; for an import's flag those that the shop has named."""
    return said.text_version or (import_text_version if said.kind == Kind.FLAG else "")


def _implied(by: dict[Kind, Said], asked: Asked) -> ConsentStanding | None:
    law = regime(asked.country)
    if law == Regime.CAN_SPAM:
        return ConsentStanding(True, Basis.NO_OBJECTION, None, Reason.NO_OBJECTION)
    bought = _later(asked.last_purchase_on, by.get(Kind.IMPLIED_PURCHASE))
    asked_for = _later(asked.last_inquiry_on, by.get(Kind.IMPLIED_INQUIRY))
    if law == Regime.CASL:
        grounds = [
            _granted(bought, MONTHS_AFTER_PURCHASE, Basis.IMPLIED_PURCHASE, asked.today),
            _granted(asked_for, MONTHS_AFTER_INQUIRY, Basis.IMPLIED_INQUIRY, asked.today),
        ]
        standing = [one for one in grounds if one is not None]
        return max(standing, key=lambda one: one.until or date.max) if standing else None
    if law == Regime.EPRIVACY and asked.soft_opt_in:
        customer_since = _later(bought, by.get(Kind.EXISTING_CUSTOMER))
        return _granted(customer_since, MONTHS_OF_SOFT_OPT_IN, Basis.EXISTING_CUSTOMER, asked.today)
    return None


def _granted(on: date | None, months: int, basis: Basis, today: date) -> ConsentStanding | None:
    if on is None or not on <= today <= (until := months_after(on, months)):
        return None
    reasons = {
        Basis.IMPLIED_PURCHASE: Reason.PURCHASE,
        Basis.IMPLIED_INQUIRY: Reason.INQUIRY,
        Basis.EXISTING_CUSTOMER: Reason.SOFT_OPT_IN,
    }
    return ConsentStanding(True, basis, until, reasons[basis])


def months_after(day: date, months: int) -> date:
    """Return the last day of a period that began on a day: the same day of the month, or the month's last.

    CASL counts back from the day of sending: two years before 2026-03-01 begin on 2024-03-01, which leaves 2024-02-29 out.
    >>> str(months_after(date(2024, 2, 29), 24)), str(months_after(date(2023, 8, 31), 6)), str(months_after(date(2023, 12, 5), 6))
    ('2026-02-28', '2024-02-29', '2024-06-05')
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _later(day: date | None, said: Said | None) -> date | None:
    days = [one for one in (day, said.since.date() if said else None) if one is not None]
    return max(days) if days else None


def _no(reason: Reason) -> ConsentStanding:
    return ConsentStanding(False, "", None, reason)


__all__ = [
    "Asked",
    "ConsentStanding",
    "Reason",
    "may_be_implied",
    "months_after",
    "replace",
    "standing_rule",
    "text_version",
]
