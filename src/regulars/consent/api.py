"""The door of consent: say yes, say no, ask who may be written to, prove it, and keep from addresses.

`person` is a customer's number, or identifiers such as {"email": …} of somebody who may be new. Reading a link, and every
verb that is not give, withdraw, request, confirm, choose, leave, suppress, release or forget, changes nothing."""

from regulars.consent import gate, keywords
from regulars.consent.choices import Rules, TopicOffered, decide, decided, drop_topic, put_topic, topics
from regulars.consent.links import (
    BadLink,
    ExpiredLink,
    PreferenceLink,
    Tokens,
    UnsubscribeLink,
    preference_token,
    read_preference_token,
    read_unsubscribe_token,
    unsubscribe_token,
)
from regulars.consent.offering.choosing import Chosen, Preference, choose, leave_everything, preferences
from regulars.consent.offering.forms import (
    FormOffered,
    TooManySignUps,
    count_try,
    put_sign_up_form,
    sign_up_form,
    sign_up_forms,
)
from regulars.consent.offering.leaving import Click, come_back, has_left, leave
from regulars.consent.projection import rebuild, reset, run_once as project
from regulars.consent.reading.history import EXPORTED, Entry, export_log, history
from regulars.consent.reading.log import LogAsked, LogFound, log
from regulars.consent.reading.past import Stood
from regulars.consent.reading.standings import Choice, choices_of, standings, standings_of
from regulars.consent.reading.turns import let_nobody_leave
from regulars.consent.rules.bounces import Cause
from regulars.consent.rules.settling import State
from regulars.consent.rules.standing import Asked, ConsentStanding, Reason, standing_rule
from regulars.consent.rules.terms import CHANNELS, BadStatement, Basis, Method, Statement
from regulars.consent.saying import (
    CONFIRM_WITHIN,
    Confirmed,
    Person,
    Recorded,
    Waiting,
    confirm,
    give,
    request,
    sweep,
    waiting,
    withdraw,
)
from regulars.consent.suppression import Suppressed, arrived, forget, release, soft_bounced, suppress, suppressed

__all__ = [
    "CHANNELS",
    "CONFIRM_WITHIN",
    "EXPORTED",
    "Asked",
    "BadLink",
    "BadStatement",
    "Basis",
    "Cause",
    "Choice",
    "Chosen",
    "Click",
    "Confirmed",
    "ConsentStanding",
    "Entry",
    "ExpiredLink",
    "FormOffered",
    "LogAsked",
    "LogFound",
    "Method",
    "Person",
    "Preference",
    "PreferenceLink",
    "Reason",
    "Recorded",
    "Rules",
    "State",
    "Statement",
    "Stood",
    "Suppressed",
    "Tokens",
    "TooManySignUps",
    "TopicOffered",
    "UnsubscribeLink",
    "Waiting",
    "arrived",
    "choices_of",
    "choose",
    "come_back",
    "confirm",
    "count_try",
    "decide",
    "decided",
    "drop_topic",
    "export_log",
    "forget",
    "gate",
    "give",
    "has_left",
    "history",
    "keywords",
    "leave",
    "leave_everything",
    "let_nobody_leave",
    "log",
    "preference_token",
    "preferences",
    "project",
    "put_sign_up_form",
    "put_topic",
    "read_preference_token",
    "read_unsubscribe_token",
    "rebuild",
    "release",
    "request",
    "reset",
    "sign_up_form",
    "sign_up_forms",
    "soft_bounced",
    "standing_rule",
    "standings",
    "standings_of",
    "suppress",
    "suppressed",
    "sweep",
    "topics",
    "unsubscribe_token",
    "waiting",
    "withdraw",
]
