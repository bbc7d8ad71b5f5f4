"""Facts about what was spent."""

from datetime import date
from decimal import Decimal

from regulars.events.registry import Fact, fact


@fact("cost.recorded", key=("shop", "version"))
class CostRecorded(Fact):
    """Spend of one channel in one month; the latest telling of a (channel, acquisition_source, month) stands."""

    shop: str = "main"
    version: str
    channel: str
    acquisition_source: str | None = None
    month: date
    amount: Decimal
    currency: str
