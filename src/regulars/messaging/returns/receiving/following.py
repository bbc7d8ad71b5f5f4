"""What follows from facts that came back: addresses that get nothing any more, addresses that bounce softly, people who leave."""

from collections.abc import Sequence
from datetime import datetime

from regulars.consent import api as consent
from regulars.messaging.models import Message
from regulars.messaging.returns.returned import Kind, Returned
from regulars.messaging.returns.rules.answers import Answer
from regulars.messaging.returns.rules.bounces import Bounce

Came = Sequence[tuple[Returned, Message]]
IDENTIFIER = {"email": "email", "sms": "phone", "whatsapp": "phone"}


def follow(came: Came, by: str, now: datetime) -> None:
    """Do what follows from things told for the first time, in the caller's transaction.

    The address is the one that the message went to, whatever the shop has today.
    """
    _suppress(came, Bounce.HARD, consent.Cause.HARD_BOUNCE, now)
    for channel, addresses in _addresses([one for one in came if one[0].bounce is Bounce.SOFT]).items():
        consent.soft_bounced(channel, addresses, now)
    for channel, addresses in _addresses([one for one in came if one[0].kind is Kind.DELIVERED]).items():
        consent.arrived(channel, addresses)
    _suppress(came, Kind.COMPLAINED, consent.Cause.COMPLAINT, now)
    for returned, message in came:
        if _leaves(returned):
            consent.withdraw(_person(message), _statement(returned, message, by), returned.at)


def _suppress(came: Came, what: Bounce | Kind, cause: consent.Cause, now: datetime) -> None:
    some = [one for one in came if what in (one[0].bounce, one[0].kind)]
    for channel, addresses in _addresses(some).items():
        consent.suppress(channel, addresses, cause, now)


def _addresses(came: Came) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _, message in came:
        if message.to and message.to not in found.setdefault(message.channel, []):
            found[message.channel].append(message.to)
    return {channel: addresses for channel, addresses in found.items() if addresses}


def _leaves(returned: Returned) -> bool:
    """Say whether somebody wants no more of a channel by this; answers by phone are another matter (answering)."""
    if returned.kind is Kind.REPLIED:
        return returned.channel == "email" and returned.answer is Answer.STOP
    return returned.kind in (Kind.COMPLAINED, Kind.UNSUBSCRIBED) or returned.reason == "unsubscribed"


def _person(message: Message) -> consent.Person:
    if message.customer_id > 0:
        return message.customer_id
    return {IDENTIFIER[message.channel]: message.to} if message.channel in IDENTIFIER else {}


def _statement(returned: Returned, message: Message, by: str) -> consent.Statement:
    is_one_click = returned.kind is Kind.UNSUBSCRIBED and by != "mail"
    return consent.Statement(
        channel=message.channel,
        method=consent.Method.ONE_CLICK if is_one_click else consent.Method.REPLY,
        source=by,
        proof={"message": message.key, "told": returned.word},
        event_id=f"{message.key}:{returned.kind}",
    )
