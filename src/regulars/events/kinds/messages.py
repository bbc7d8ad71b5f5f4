"""Facts about messages: what became of each, and what people and machines did with it."""

from dataclasses import dataclass

from regulars.events.registry import Fact, fact


@dataclass(frozen=True, kw_only=True)
class MessageFact(Fact):
    """What every fact about a message says of it: message_key is its 32 hex digits, provider_id what the provider calls it.

    No address stands in any of them: whose message it was, the envelope says.
    """

    message_key: str
    channel: str
    is_marketing: bool
    campaign: str | None = None
    template: str | None = None
    provider: str | None = None
    provider_id: str | None = None


# What can happen to a message once has the message's key alone, so that a webhook, a look-up and a bounce mail that tell
# the same make one fact; what can happen again has the teller's own name of the event besides.


@fact("message.sent", key=("message_key",))
class MessageSent(MessageFact):
    """The provider took the message over."""


@fact("message.delivered", key=("message_key",))
class MessageDelivered(MessageFact):
    """The recipient's server or phone took it."""


@fact("message.deferred", key=("message_key", "provider_event"))
class MessageDeferred(MessageFact):
    """It waits: the gate or the provider said later; code and detail are the provider's, reason is the gate's."""

    provider_event: str
    reason: str | None = None
    code: str | None = None
    detail: str | None = None


@fact("message.bounced", key=("message_key", "bounce"))
class MessageBounced(MessageFact):
    """It came back. bounce is hard (no such address), soft (not now: a full mailbox) or block (not from this sender)."""

    bounce: str
    code: str | None = None
    detail: str | None = None


@fact("message.failed", key=("message_key",))
class MessageFailed(MessageFact):
    """It will never be sent: the provider refused it, or could not make it.

    reason is invalid, bounced, blocked, spam, unsubscribed, timed_out or other, where the provider's list says so.
    """

    reason: str | None = None
    code: str | None = None
    detail: str | None = None


@fact("message.refused", key=("message_key",))
class MessageRefused(MessageFact):
    """The gate said no; reason is which of its rules."""

    reason: str


@fact("message.opened", key=("message_key", "provider_event"))
class MessageOpened(MessageFact):
    """Its pixel was fetched. An open proves nothing, so is_machine holds unless a human is known; machine_reason says why."""

    provider_event: str
    is_machine: bool = True
    machine_reason: str | None = None


@fact("message.clicked", key=("message_key", "provider_event"))
class MessageClicked(MessageFact):
    """A link of it was followed: the link's id where it is our own, else its address."""

    provider_event: str
    link: str | None = None
    url: str | None = None
    is_machine: bool = False
    machine_reason: str | None = None


@fact("message.complained", key=("message_key",))
class MessageComplained(MessageFact):
    """The recipient called it spam; detail is the provider's word for the kind of complaint."""

    detail: str | None = None


@fact("message.unsubscribed", key=("message_key",))
class MessageUnsubscribed(MessageFact):
    """The recipient left by this message; detail says which way."""

    detail: str | None = None


@fact("message.replied", key=("message_key", "provider_event"))
class MessageReplied(MessageFact):
    """The recipient answered; reply is stop, start, help or other. What was written stays out of the log."""

    provider_event: str
    reply: str
