"""What each field means, in the words of somebody who runs a shop."""

from collections.abc import Mapping

PEOPLE = {
    "customer_ref": "the customer's number or id",
    "email": "the customer's e-mail address",
    "phone": "the customer's phone number",
}
CURRENCY = {"currency": "the currency"}
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "orders": {
        **PEOPLE,
        **CURRENCY,
        "order_id": "the order's number",
        "ordered_at": "when it was ordered",
        "total": "what the order cost in all",
        "amount": "what this line cost",
        "quantity": "how many of the product",
        "unit_price": "the price of one piece",
        "product": "the product's number (SKU)",
        "product_name": "the product's name",
        "category": "the product's category",
        "refunded": "how much was given back",
        "refunded_at": "when it was given back",
        "updated_at": "when the order was last changed",
        "cancelled_at": "when the order was cancelled",
        "discount": "the discount",
        "shipping": "the shipping cost",
        "tax": "the tax",
        "discount_code": "the discount code",
        "country": "the country",
        "channel": "the sales channel",
    },
    "customers": {
        **PEOPLE,
        "first_name": "the first name",
        "last_name": "the last name",
        "country": "the country",
        "city": "the city",
        "postcode": "the postcode",
        "language": "the language",
        "timezone": "the time zone",
        "accepts_email": "whether e-mails are welcome",
        "accepts_sms": "whether text messages are welcome",
        "tags": "tags",
        "created_at": "since when a customer",
    },
    "products": {
        **CURRENCY,
        "product": "the product's number (SKU)",
        "name": "the product's name",
        "category": "the product's category",
        "price": "the price",
        "unit_cost": "what one piece costs you",
        "replenish_days": "how many days one piece lasts",
    },
    "costs": {
        **CURRENCY,
        "channel": "the marketing channel",
        "month": "the month",
        "amount": "what was spent",
        "source": "the campaign",
    },
    "events": {
        **PEOPLE,
        "name": "what happened, such as wishlist.shared",
        "occurred_at": "when it happened",
        "event_id": "the event's own id",
    },
}
