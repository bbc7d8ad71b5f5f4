"""What channels, states and kinds of facts about messages are called on pages."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.web.know import naming

TONES = {"sent": "good", "unknown": "warn", "failed": "bad"}
MOMENTS = ("created_at", "due_at", "good_until", "dot_at", "finished_at")


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


def happening(kind: str) -> str:
    """Return what happened, for what starts a message; a name that the shop made up stays as it is."""
    words = {
        "order.placed": _("An order was placed"),
        "order.updated": _("An order was changed"),
        "order.cancelled": _("An order was cancelled"),
        "order.refunded": _("An order was refunded"),
        "customer.identified": _("Somebody became known"),
        "customer.described": _("Something of your own was told of a customer"),
        "customer.updated": _("Something of a customer was changed"),
        "customer.merged": _("Two customers turned out to be one"),
    }
    return words.get(kind) or kind


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
    shown = [
        {
            **row,
            **{name: local(row[name]) if row[name] else None for name in MOMENTS},
            "what": row["name"].replace("_", " ").capitalize(),
            "about": row["occurrence"].replace(":", " ", 1),
            "channel_label": channel(row["channel"]),
            **_standing(row, labels),
            "story": reverse("message", args=[row["key"]]),
        }
        for row in rows
    ]
    return naming.named(shown)


def local(at: datetime) -> datetime:
    """Return what clocks of the shop show at an instant; pages say whose clocks they are."""
    return at.astimezone(ZoneInfo(events.timezone() or "UTC")).replace(tzinfo=None)


def _standing(row: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    """Return the state in words; what the drawer kept is sent for the outbox, but not for people."""
    if row["state"] == "sent" and row["route"] == "drawer":
        return {"state_label": _("Kept"), "tone": ""}
    return {"state_label": labels[row["state"]], "tone": TONES.get(row["state"], "")}
