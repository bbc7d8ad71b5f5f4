"""The standard kinds of facts; importing this package registers them."""

from regulars.events.kinds import costs, custom, customers, messages, orders, products

__all__ = ["costs", "custom", "customers", "messages", "orders", "products"]
