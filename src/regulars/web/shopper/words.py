"""The words on the buttons that shoppers press: kept with each click as they were read, under a version.

Raise VERSION whenever a text here changes: what somebody agreed to is proved by the text and its version.
"""

from django.utils.translation import gettext as _

VERSION = "shopper-1"


def way(channel: str) -> str:
    """Return how a channel is called in a sentence."""
    words = {
        "email": _("e-mail"),
        "sms": _("text message"),
        "whatsapp": _("WhatsApp"),
        "push": _("push message"),
    }
    return words.get(channel, channel)


def title(channel: str, topic: str) -> str:
    """Return the question above the button."""
    if topic:
        return _("No more “%(topic)s” by %(way)s?") % {"topic": topic, "way": way(channel)}
    return _("No more news by %(way)s?") % {"way": way(channel)}


def leaving(channel: str, topic: str) -> str:
    """Return the words on the button that leaves."""
    if topic:
        return _("Stop “%(topic)s”") % {"topic": topic}
    return _("Stop all news by %(way)s") % {"way": way(channel)}


def agreement(channel: str, topic: str) -> str:
    """Return what somebody agrees to who comes back."""
    told = {"topic": topic, "way": way(channel)}
    if topic:
        return _("Yes, send me “%(topic)s” by %(way)s. I can take this back at any time.") % told
    return _("Yes, send me news by %(way)s. I can take this back at any time.") % told


def choosing() -> str:
    """Return what somebody agrees to who ticks a box of the preference page."""
    return _(
        "What I tick, I want to get in the ways ticked. Nothing of it is needed to buy, and I can take it back here at any time."
    )
