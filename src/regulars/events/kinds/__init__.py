"""The standard kinds of facts; importing this package registers them."""

from regulars.events.kinds import consents, costs, custom, customers, experiments, messages, orders, products, segments

__all__ = ["consents", "costs", "custom", "customers", "experiments", "messages", "orders", "products", "segments"]
