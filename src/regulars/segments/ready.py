"""Ready-made segments: what most shops ask for first, each as a document that can be changed like any other."""

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.segments.keeping import Draft

Document = Mapping[str, Any]


def ready_made() -> Sequence[Draft]:
    """Return the ready-made segments, in the order in which a customer's life goes."""
    return [Draft(name, title, rule, {}) for name, (title, rule) in _READY.items()]


def _ordered(within_days: int, **times: int) -> dict[str, Any]:
    return {"did": "order", "within_days": within_days, "times": times or {"at_least": 1}}


_READY: Mapping[str, tuple[str, dict[str, Any]]] = {
    "leads": ("Known, but never ordered", {"field": "orders", "is": 0}),
    "new": (
        "First order within 30 days",
        {"all": [{"field": "order_days", "is": 1}, {"field": "first_order", "within_days": 30}]},
    ),
    "one-time-buyers": (
        "One order day, more than 60 days ago",
        {"all": [{"field": "order_days", "is": 1}, {"field": "last_order", "at_least_days_ago": 61}]},
    ),
    "second-order-due": (
        "One order day, 30 to 60 days ago",
        {
            "all": [
                {"field": "order_days", "is": 1},
                {"field": "last_order", "at_least_days_ago": 30},
                {"field": "last_order", "within_days": 61},
            ]
        },
    ),
    "regulars": (
        "Three order days or more, the last within 180 days",
        {"all": [{"field": "order_days", "at_least": 3}, {"field": "last_order", "within_days": 180}]},
    ),
    "vip": (
        "Champions and loyal customers by recency and frequency",
        {"field": "rfm", "one_of": ["Champions", "Loyal"]},
    ),
    "at-risk": (
        "Good customers who stay away, by recency and frequency",
        {"field": "rfm", "one_of": ["At Risk", "Can't Lose"]},
    ),
    "lapsing": ("Late by their own rhythm", {"field": "late", "is": True}),
    "lapsed": (
        "Two order days or more, none for a year",
        {"all": [{"field": "order_days", "at_least": 2}, {"field": "last_order", "at_least_days_ago": 365}]},
    ),
    "discount-only": (
        "Ordered with discount codes only",
        {
            "all": [
                {"field": "orders", "at_least": 2},
                {"did": "order", "where": [{"field": "discount_code", "known": True}]},
                {"did_not": "order", "where": [{"field": "discount_code", "known": False}]},
            ]
        },
    ),
    "given-money-back": ("Got money back within 90 days", {"did": "refund", "within_days": 90}),
    "reads-mails": (
        "Clicked in a mail within 90 days",
        {"did": "message.clicked", "where": [{"field": "is_machine", "is": False}], "within_days": 90},
    ),
    "silent": (
        "Was written to within 90 days and clicked nothing",
        {
            "all": [
                {"did": "message.sent", "where": [{"field": "is_marketing", "is": True}], "within_days": 90,
                 "times": {"at_least": 3}},
                {"did_not": "message.clicked", "where": [{"field": "is_machine", "is": False}], "within_days": 90},
            ]
        },
    ),
    "bought-twice-this-season": ("Two orders or more within 90 days", _ordered(90, at_least=2)),
    "mail-allowed": ("Said yes to e-mail", {"consent": "email", "is": "given"}),
}  # fmt: skip
