"""The door of consent: say yes, say no, ask who may be written to, prove it, and keep from addresses.

`person` is a customer's number, or identifiers such as {"email": …} of somebody who may be new. Reading a link, and every
verb that is not give, withdraw, request, confirm, suppress, release or forget, changes nothing.
"""

from regulars.consent import gate, keywords
from regulars.consent.choices import Rules, TopicOffered, decide, decided, drop_topic, put_topic, topics
from regulars.consent.links import (
    BadLink,
    ExpiredLink,
    PreferenceLink,
    UnsubscribeLink,
    preference_token,
    read_preference_token,
    read_unsubscribe_token,
    unsubscribe_token,
)
from regulars.consent.projection import rebuild, reset, run_once as project
from regulars.consent.reading.history import EXPORTED, Entry, export_log, history
from regulars.consent.reading.standings import Choice, choices_of, standings
from regulars.consent.rules.bounces import Cause
from regulars.consent.rules.settling import State
from regulars.consent.rules.standing import Asked, ConsentStanding, Reason, standing_rule
from regulars.consent.rules.terms import CHANNELS, BadStatement, Basis, Method, Statement
from regulars.consent.saying import Confirmed, Person, Recorded, confirm, give, request, sweep, withdraw
from regulars.consent.suppression import Suppressed, arrived, forget, release, soft_bounced, suppress, suppressed

__all__ = [
    "CHANNELS",
    "EXPORTED",
    "Asked",
    "BadLink",
    "BadStatement",
    "Basis",
    "Cause",
    "Choice",
    "Confirmed",
    "ConsentStanding",
    "Entry",
    "ExpiredLink",
    "Method",
    "Person",
    "PreferenceLink",
    "Reason",
    "Recorded",
    "Rules",
    "State",
    "Statement",
    "Suppressed",
    "TopicOffered",
    "UnsubscribeLink",
    "arrived",
    "choices_of",
    "confirm",
    "decide",
    "decided",
    "drop_topic",
    "export_log",
    "forget",
    "gate",
    "give",
    "history",
    "keywords",
    "preference_token",
    "project",
    "put_topic",
    "read_preference_token",
    "read_unsubscribe_token",
    "rebuild",
    "release",
    "request",
    "reset",
    "soft_bounced",
    "standing_rule",
    "standings",
    "suppress",
    "suppressed",
    "sweep",
    "topics",
    "unsubscribe_token",
    "withdraw",
]
