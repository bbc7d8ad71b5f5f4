"""Whom a message could reach by a channel, for those who choose among channels; the gate has the last word all the same."""

from collections.abc import Sequence
from datetime import datetime

from regulars.consent import api as consent
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.making.storing import NoSuchTemplate
from regulars.messaging.models import Template
from regulars.messaging.templates import starters
from regulars.profiles import api as profiles


def template_for(name: str, channel: str) -> tuple[str, bool]:
    """Return the template of a name that is written for a channel, or its sister `<name>_<channel>`, and whether it is marketing.

    Raise NoSuchTemplate with a sentence where neither is there.
    """
    wanted = (name, f"{name}_{channel}")
    kept = {
        row[0]: row[1:]
        for row in Template.objects.filter(name__in=wanted).values_list("name", "channel", "is_marketing")
    }
    shipped = {one: starters()[one].document for one in wanted if one in starters() and one not in kept}
    kept |= {one: (document.channel, document.message_class == "marketing") for one, document in shipped.items()}
    for one in wanted:
        if one in kept and kept[one][0] == channel:
            return one, bool(kept[one][1])
    there = f"'{name}' is written for {kept[name][0]}" if name in kept else f"there is no template '{name}'"
    raise NoSuchTemplate(f"{there}; for {channel} make one called '{name}_{channel}'")


def shipped_for(name: str, channel: str) -> str:
    """Return the shipped template of a name that is written for a channel, or its sister; raise NoSuchTemplate."""
    for one in (name, f"{name}_{channel}"):
        if one in starters() and starters()[one].document.channel == channel:
            return one
    raise NoSuchTemplate(f"no template '{name}' for {channel} comes with the house")


def reachable(people: Sequence[int], channel: str, is_marketing: bool, topic: str, now: datetime) -> set[int]:
    """Return who of these people has an address for a channel that is not suppressed and, for marketing, consent."""
    if channel == "push":
        addresses = browsers.addresses(people)
    else:
        contacts = profiles.contacts(people)
        addresses = {who: one.email if channel == "email" else one.phone for who, one in contacts.items()}
    reached = {who for who in people if addresses.get(who) or channel == "webhook"}
    if is_marketing and reached:
        standings = consent.standings(sorted(reached), channel, topic, now)
        reached = {who for who in reached if standings[who].allowed}
    found = consent.suppressed(channel, [addresses[who] for who in sorted(reached) if addresses.get(who)], now)
    return {who for who in reached if addresses.get(who) not in found}
