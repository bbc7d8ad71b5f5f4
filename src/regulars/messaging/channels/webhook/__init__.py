"""Outgoing webhooks by the Standard Webhooks specification: the rules of trying again, and the channel."""

from regulars.messaging.channels.webhook.channel import Webhook
from regulars.messaging.channels.webhook.rules import Endpoint, after, attempt_at, next_attempt_at

__all__ = ["Endpoint", "Webhook", "after", "attempt_at", "next_attempt_at"]
