"""The questions about one message that need no look at others, in their order: the first reason wins."""

from datetime import datetime

from regulars.consent.gate.answers import Reason
from regulars.consent.gate.asked import Candidate, ConsentState, Suppression
from regulars.consent.gate.quiet.hours import zone_info
from regulars.consent.gate.rules import Rules

# These concern the address itself and stop every message; the others are about advertising.
_HARD = {
    Suppression.ERASED: Reason.ERASED,
    Suppression.BOUNCED: Reason.BOUNCED,
    Suppression.MANUAL: Reason.MANUAL,
}
_SOFT = {Suppression.COMPLAINED: Reason.COMPLAINED, Suppression.UNSUBSCRIBED: Reason.UNSUBSCRIBED}
# Who answers STOP to a number gets nothing from it: 47 CFR 64.1200(a)(10) counts it for all texts, and carriers stop them anyway.
_STOP_IS_FOR_ALL = frozenset({"sms", "whatsapp"})
_UNWILLING = {
    ConsentState.WITHDRAWN: Reason.WITHDRAWN,
    ConsentState.PENDING: Reason.PENDING,
    ConsentState.NEVER: Reason.NO_CONSENT,
}


def refusal(candidate: Candidate, rules: Rules, now: datetime) -> Reason | None:
    """Return the first reason that this message may never go, or None."""
    if candidate.good_until is not None and candidate.good_until <= now:
        return Reason.EXPIRED
    if not candidate.has_address:
        return Reason.NO_ADDRESS
    if (why := candidate.standing.suppressed_as) is not None:
        if why in _HARD:
            return _HARD[why]
        if candidate.is_marketing or candidate.channel in _STOP_IS_FOR_ALL:
            return _SOFT[why]
    if not candidate.is_marketing:
        return None
    return _unwilling(candidate, rules, now) or (Reason.HELD_OUT if candidate.standing.is_held_out else None)


def _unwilling(candidate: Candidate, rules: Rules, now: datetime) -> Reason | None:
    """Return why the consent does not do; it ends with the beginning of its last day by the shop's clocks."""
    consent = candidate.standing.consent
    if consent.state in _UNWILLING:
        return _UNWILLING[consent.state]
    if consent.expires_on is not None:
        today = now.astimezone(zone_info(rules.windows.shop_zone)).date()
        if consent.expires_on <= today:
            return Reason.CONSENT_EXPIRED
    return Reason.CONSENT_TOO_WEAK if consent.basis in rules.assumed.get(candidate.channel, ()) else None


def trouble(candidate: Candidate) -> Reason | None:
    """Return what of the customer's is to be settled before anybody advertises to them, or None."""
    if candidate.standing.has_open_complaint:
        return Reason.OPEN_COMPLAINT
    return Reason.STUCK_PARCEL if candidate.standing.has_stuck_parcel else None
