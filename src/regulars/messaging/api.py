"""The door of messaging: ask for messages, hand them over, see what became of them."""

from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once as deliver

__all__ = ["Channel", "Decision", "Delivery", "Letter", "Outcome", "Request", "State", "deliver", "request"]
