"""The send gate as pure rules: what is known of a message and its recipient goes in, send, defer or refuse comes out."""

from regulars.consent.gate.answers import SEND, Kind, Reason, Verdict
from regulars.consent.gate.asked import NOWHERE, Candidate, Consent, ConsentState, Sent, Standing, Suppression, Usage
from regulars.consent.gate.batch import verdicts
from regulars.consent.gate.quiet.hours import Hours, first_allowed, is_zone
from regulars.consent.gate.quiet.places import Place, place_of, zones_of
from regulars.consent.gate.quiet.weeks import CLOSED, Week, both, week
from regulars.consent.gate.quiet.windows import CHANNELS as HOURS, TEXTS, Windows
from regulars.consent.gate.room import Room
from regulars.consent.gate.rules import BY_LAW, Cap, Rules

__all__ = [
    "BY_LAW",
    "CLOSED",
    "HOURS",
    "NOWHERE",
    "SEND",
    "TEXTS",
    "Candidate",
    "Cap",
    "Consent",
    "ConsentState",
    "Hours",
    "Kind",
    "Place",
    "Reason",
    "Room",
    "Rules",
    "Sent",
    "Standing",
    "Suppression",
    "Usage",
    "Verdict",
    "Week",
    "Windows",
    "both",
    "first_allowed",
    "is_zone",
    "place_of",
    "verdicts",
    "week",
    "zones_of",
]
