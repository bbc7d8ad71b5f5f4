"""The send gate as pure rules: what is known of a message and its recipient goes in, send, defer or refuse comes out."""

from regulars.consent.gate.answers import SEND, Kind, Reason, Verdict
from regulars.consent.gate.asked import Candidate, Consent, ConsentState, Sent, Standing, Suppression, Usage
from regulars.consent.gate.batch import verdicts
from regulars.consent.gate.quiet.hours import Hours, first_allowed, is_zone
from regulars.consent.gate.quiet.places import Place, place_of, zones_of
from regulars.consent.gate.quiet.weeks import Week, week
from regulars.consent.gate.quiet.windows import Windows
from regulars.consent.gate.rules import Cap, Rules

__all__ = [
    "SEND",
    "Candidate",
    "Cap",
    "Consent",
    "ConsentState",
    "Hours",
    "Kind",
    "Place",
    "Reason",
    "Rules",
    "Sent",
    "Standing",
    "Suppression",
    "Usage",
    "Verdict",
    "Week",
    "Windows",
    "first_allowed",
    "is_zone",
    "place_of",
    "verdicts",
    "week",
    "zones_of",
]
