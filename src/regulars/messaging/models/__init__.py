"""Rows of messaging."""

from regulars.messaging.models.making import Brand, Template, TemplateVersion
from regulars.messaging.models.messages import Drawn, Message
from regulars.messaging.models.ways import Link, Route, Touch, Trigger

__all__ = ["Brand", "Drawn", "Link", "Message", "Route", "Template", "TemplateVersion", "Touch", "Trigger"]
