"""Facts about what is sold."""

from decimal import Decimal

from regulars.events.registry import Fact, fact


@fact("product.updated", key=("shop", "version"))
class ProductUpdated(Fact):
    """A product's master data; a field that is None says nothing. unit_cost is what one piece costs the shop."""

    shop: str = "main"
    version: str
    product: str
    name: str | None = None
    category: str | None = None
    price: Decimal | None = None
    unit_cost: Decimal | None = None
    currency: str | None = None
    replenish_days: int | None = None
