"""Where one customer stands with every channel and topic, for the customer's page."""

from collections.abc import Sequence
from typing import Any

from regulars.consent import api as consent
from regulars.core.formats import Formats
from regulars.messaging import api as messaging
from regulars.web.act.consents import words

TONES = {consent.State.GIVEN: "good", consent.State.WITHDRAWN: "bad", consent.State.PENDING: "warn"}


def browsers(customers: Sequence[int], write: Formats) -> list[dict[str, str]]:
    """Return a line for each browser in which the customer lets notifications be shown, or did."""
    return [
        {
            "since": write.day(one.joined_at.date()),
            "accepted": write.day(one.accepted_at.date()) if one.accepted_at else "",
            "gone": write.day(one.gone_at.date()) if one.gone_at else "",
        }
        for one in messaging.browsers_of(customers)
    ]


def stands(customer: int, write: Formats) -> list[dict[str, Any]]:
    """Return a line for everything that the customer said, the whole channel before its topics."""
    names, channels, states, methods = words.topic_names(), words.channels(), words.states(), words.methods()
    return [
        {
            "channel": channels.get(one.channel, one.channel),
            "topic": names.get(one.topic, one.topic),
            "state": states[one.state],
            "tone": TONES[one.state],
            "since": write.day(one.since.date()),
            "method": methods.get(one.method, one.method),
            "text_version": one.text_version,
            "until": write.day(one.expires_on) if one.expires_on else "",
        }
        for one in consent.choices_of(customer)
    ]
