"""The door of messaging: ask for messages, hand them over, see what became of them."""

from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once as deliver
from regulars.messaging.outbox.settling import settle_by_word
from regulars.messaging.outbox.telling import run_once as tell
from regulars.messaging.over import reset
from regulars.messaging.returns.mail.reading import MOST as LARGEST_MAIL
from regulars.messaging.returns.receiving.hooks import (
    MOST as LARGEST_HOOK,
    NoSuchHook,
    TooLarge,
    handshake,
    receive,
)
from regulars.messaging.returns.receiving.mails import receive_mail
from regulars.messaging.returns.receiving.taking import Taken
from regulars.messaging.returns.returned import BadSignature, CannotRead, RawRequest
from regulars.messaging.tracking import Links, Visit, follow, opened, run_once as tell_touches, target, tracked
from regulars.messaging.triggers import (
    BadTrigger,
    Rule,
    drop as drop_trigger,
    put as put_trigger,
    run_once as trigger,
    triggers,
)

__all__ = [
    "LARGEST_HOOK",
    "LARGEST_MAIL",
    "BadSignature",
    "BadTrigger",
    "CannotRead",
    "Channel",
    "Decision",
    "Delivery",
    "Letter",
    "Links",
    "NoSuchHook",
    "Outcome",
    "RawRequest",
    "Request",
    "Rule",
    "State",
    "Taken",
    "TooLarge",
    "Visit",
    "deliver",
    "drop_trigger",
    "follow",
    "handshake",
    "opened",
    "put_trigger",
    "receive",
    "receive_mail",
    "request",
    "reset",
    "settle_by_word",
    "target",
    "tell",
    "tell_touches",
    "tracked",
    "trigger",
    "triggers",
]
