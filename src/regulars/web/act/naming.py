"""What channels, states and kinds of facts about messages are called on pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.know import naming

TONES = {"sent": "good", "unknown": "warn", "failed": "bad", "refused": ""}


def channel(name: str) -> str:
    """Return what a channel is called."""
    words = {
        "email": _("E-mail"),
        "sms": _("Text message"),
        "push": _("Browser notification"),
        "whatsapp": _("WhatsApp"),
        "webhook": _("Webhook"),
    }
    return words.get(name) or name


def states() -> dict[str, str]:
    """Return what the states of messages are called, in the order in which they are passed."""
    return {
        "unknown": _("Unknown"),
        "queued": _("Waiting"),
        "deferred": _("Put off"),
        "leased": _("Being written"),
        "dot": _("Being handed over"),
        "sent": _("Sent"),
        "failed": _("Failed"),
        "refused": _("Not sent"),
    }


def fact(kind: str) -> str:
    """Return what came back, in words."""
    words = {
        "message.sent": _("The provider took it over"),
        "message.delivered": _("It was delivered"),
        "message.deferred": _("The provider put it off"),
        "message.bounced": _("It came back"),
        "message.failed": _("The provider gave it up"),
        "message.opened": _("It was opened, by a person or a program"),
        "message.clicked": _("A link in it was followed"),
        "message.complained": _("It was marked as spam"),
        "message.unsubscribed": _("The recipient unsubscribed by it"),
        "message.replied": _("The recipient answered"),
    }
    return words.get(kind) or kind.removeprefix("message.").replace("_", " ").capitalize()


def written(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return messages with what pages show of them: the person's name, words for channel and state, the message's address."""
    labels = states()
    return [
        {
            **row,
            "what": row["name"].replace("_", " "),
            "about": row["occurrence"],
            "channel_label": channel(row["channel"]),
            "state_label": labels[row["state"]],
            "tone": TONES.get(row["state"], ""),
            "story": reverse("message", args=[row["key"]]),
        }
        for row in naming.named(rows)
    ]
