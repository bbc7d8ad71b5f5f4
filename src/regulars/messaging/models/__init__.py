"""Rows of messaging."""

from regulars.messaging.models.browsers import Subscription
from regulars.messaging.models.control import Limits, Setback, Standing, Tally
from regulars.messaging.models.making import Block, BlockVersion, Brand, Template, TemplateVersion
from regulars.messaging.models.messages import Drawn, Message
from regulars.messaging.models.ways import Link, Route, Touch, Trigger

__all__ = [
    "Block",
    "BlockVersion",
    "Brand",
    "Drawn",
    "Limits",
    "Link",
    "Message",
    "Route",
    "Setback",
    "Standing",
    "Subscription",
    "Tally",
    "Template",
    "TemplateVersion",
    "Touch",
    "Trigger",
]
