"""The windows: when one may write with marketing, by channel, country and state; sources stand in docs/gate.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce

from regulars.consent.gate.quiet.hours import Hours
from regulars.consent.gate.quiet.places import Land, Place
from regulars.consent.gate.quiet.weeks import ALWAYS, Week, both, narrowed, week

# Texts to a phone. A state of the United States that is not named has the country's hours, which are within the federal 8-21.
TEXTS: dict[Land, Week] = {
    ("US", ""): week("9-20"),
    ("US", "AL"): week("8-20", sunday=""),
    ("US", "CT"): week("9-20"),
    ("US", "FL"): week("8-20"),
    ("US", "KY"): week("10-20"),
    ("US", "LA"): week("8-20", sunday=""),
    ("US", "MD"): week("8-20"),
    ("US", "MS"): week("8-20", sunday=""),
    ("US", "NJ"): week("8-20"),
    ("US", "OK"): week("8-20"),
    ("US", "PA"): week("9-20", sunday="13:30-20"),
    ("US", "RI"): week("9-18", saturday="10-17", sunday=""),
    ("US", "SD"): week("9-20", sunday=""),
    ("US", "TX"): week("9-20", sunday="12-20"),
    ("US", "UT"): week("9-20", sunday=""),
    ("CA", ""): week("9-20", saturday="10-18"),
    ("FR", ""): week("10-20", sunday=""),
    ("IN", ""): week("10-20"),
}

CHANNELS: dict[str, Week] = {
    "sms": week("9-20"),
    "whatsapp": week("9-20"),
    "push": week("9-21"),
    "email": week("7-22"),
    "webhook": ALWAYS,
}


@dataclass(frozen=True)
class Windows:
    """When one may write: by channel, and instead of that by channel and land.

    shop_zone and margin (minutes) are for somebody of whom nothing is known: the shop's own hours, narrowed at both ends, so that
    they also hold for everybody who lives that far east or west of it.
    """

    channels: Mapping[str, Week] = field(default_factory=lambda: dict(CHANNELS))
    lands: Mapping[str, Mapping[Land, Week]] = field(default_factory=lambda: {"sms": TEXTS, "whatsapp": TEXTS})
    shop_zone: str = "UTC"
    margin: int = 180

    def hours(self, channel: str, place: Place) -> Hours:
        """Return when one may write there: the hours that every land the recipient may be in leaves, in each of its zones."""
        weeks = [self.week(channel, land) for land in place.lands] or [self.channels.get(channel, CHANNELS["sms"])]
        hours = reduce(both, weeks)
        if place.zones:
            return Hours(place.zones, hours, self.margin)
        return Hours((self.shop_zone,), narrowed(hours, self.margin), self.margin)

    def week(self, channel: str, land: Land) -> Week:
        """Return the hours of a land; of a country whose state is not known, what all its states leave.

        >>> Windows().week("sms", ("US", "FL"))[0], Windows().week("sms", ("US", "CA"))[0], Windows().week("sms", ("US", ""))[0]
        ((480, 1200), (540, 1200), (600, 1080))
        >>> Windows().week("email", ("US", "FL"))[0], Windows().week("sms", ("DE", ""))[0]
        ((420, 1320), (540, 1200))
        """
        country, state = land
        told = self.lands.get(channel, {})
        if not state:
            here = [hours for (where, _), hours in told.items() if where == country]
            return reduce(both, here) if here else self.channels.get(channel, CHANNELS["sms"])
        return told.get(land) or told.get((country, "")) or self.channels.get(channel, CHANNELS["sms"])
