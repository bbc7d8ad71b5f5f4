"""What a shop may set: how often, at which hours, how much a channel may send, and which consent a channel needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from regulars.consent.gate.quiet.places import Land
from regulars.consent.gate.quiet.windows import Windows

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most n marketing messages in any span of time shorter than `within`.

    On one channel, or on all together when it is empty; of one topic when same_topic; only in the lands named, if any are.
    """

    n: int
    within: timedelta
    channel: str = ""
    same_topic: bool = False
    lands: frozenset[Land] = frozenset()

    def __post_init__(self) -> None:
        if self.n < 1 or self.within <= timedelta(0):
            raise ValueError(
                "A cap allows at least 1 message in a time above 0; to send nothing, switch the channel off."
            )


# Florida Statutes 501.616(6)(b), Oklahoma Statutes 15-775C.4, Maryland's Stop the Spam Calls Act: three on a subject in 24 hours.
BY_LAW = tuple(
    Cap(3, DAY, channel, same_topic=True, lands=frozenset({("US", "FL"), ("US", "OK"), ("US", "MD")}))
    for channel in ("sms", "whatsapp")
)
CAPS = (Cap(1, DAY), Cap(3, 7 * DAY), *BY_LAW)
ASSUMED = frozenset({"implied", "soft_opt_in"})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The shop's rules for its gate; the defaults are careful ones.

    apart keeps two marketing messages to one customer from going together where the caps would let them. patience is when a message
    that waits for a complaint or a parcel asks again; throttle is when one asks again whose channel did not say when it has room.
    warm_up says how many may go on the first day, the second and so on, until the table ends. assumed are the bases of consent that do
    not do on a channel. stopped are the channels whose circuit breaker is open, recheck is when what waits for it asks again.
    """

    windows: Windows = field(default_factory=Windows)
    caps: tuple[Cap, ...] = CAPS
    apart: timedelta = timedelta(hours=1)
    patience: timedelta = DAY
    throttle: timedelta = timedelta(minutes=1)
    daily_limits: Mapping[str, int] = field(default_factory=dict)
    warm_up: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    assumed: Mapping[str, frozenset[str]] = field(default_factory=lambda: {"sms": ASSUMED, "whatsapp": ASSUMED})
    stopped: frozenset[str] = frozenset()
    recheck: timedelta = timedelta(hours=1)
