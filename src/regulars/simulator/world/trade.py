"""How the demo shop's trade goes: channels, carriers, discount codes, and what a bad delivery does to a customer."""

from dataclasses import dataclass
from typing import NamedTuple


class Channel(NamedTuple):
    """A way to the shop: its share of first and of later orders, what a new customer costs there, how well he stays."""

    name: str
    first: float
    later: float
    cost: float  # EUR per new customer
    stays: float


class Carrier(NamedTuple):
    """Who brings parcels (invented names): share of the parcels, days promised, share that is late, mean further days."""

    name: str
    share: float
    days: int
    late: float
    late_days: float


class Code(NamedTuple):
    """A discount code: percent off, and which share of the orders uses it when it may be used."""

    name: str
    percent: int
    taken: float


CHANNELS = (
    Channel("organic", 0.24, 0.22, 0.0, 0.98),
    Channel("google-ads", 0.24, 0.08, 14.0, 0.94),
    Channel("meta-ads", 0.20, 0.05, 17.0, 0.82),
    Channel("newsletter", 0.03, 0.38, 2.5, 0.99),
    Channel("direct", 0.12, 0.22, 0.0, 0.99),
    Channel("referral", 0.10, 0.03, 8.0, 1.00),
    Channel("marketplace", 0.07, 0.02, 6.0, 0.68),
)
CARRIERS = (
    Carrier("Posthorn", 0.46, 2, 0.06, 1.4),
    Carrier("Flinkpaket", 0.30, 1, 0.13, 1.9),
    Carrier("Hermelin Express", 0.16, 2, 0.24, 2.6),
    Carrier("Brieftaube", 0.08, 3, 0.09, 1.6),
)
WELCOME, BLACK_FRIDAY, SPRING, THANKS = range(4)
CODES = (
    Code("WELCOME10", 10, 0.22),
    Code("BLACKFRIDAY20", 20, 0.65),
    Code("SPRING15", 15, 0.30),
    Code("THANKYOU5", 5, 0.06),
)
CAUSES = ("late parcel", "damaged", "wrong item", "taste or quality")
LATE, DAMAGED, WRONG, TASTE = range(4)


@dataclass(frozen=True)
class Service:
    """How often something goes wrong with an order, and what it does: `keeps_…` multiplies the chance to stay."""

    refunded: float = 0.035
    complains: float = 0.012
    complains_when_late: float = 0.16
    complains_when_refunded: float = 0.35
    keeps_late: float = 0.80
    keeps_refunded: float = 0.88
    keeps_complaint: float = 0.90
    keeps_first_with_code: float = 0.88
    december_late: float = 1.6  # times as many late parcels
    reviews: float = 0.09
