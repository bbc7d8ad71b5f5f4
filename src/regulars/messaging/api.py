"""The door of messaging: ask for messages, hand them over, see what became of them."""

from regulars.messaging.compliance import SIGNED, Addressed, Shop, headers_for, links_for, shop
from regulars.messaging.confirming import BadAddress, SignUp, sign_up
from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once as deliver

__all__ = [
    "SIGNED",
    "Addressed",
    "BadAddress",
    "Channel",
    "Decision",
    "Delivery",
    "Letter",
    "Outcome",
    "Request",
    "Shop",
    "SignUp",
    "State",
    "deliver",
    "headers_for",
    "links_for",
    "request",
    "shop",
    "sign_up",
]
