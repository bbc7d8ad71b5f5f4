"""The door of messaging: ask for messages, hand them over, see what became of them, and set the ways out up."""

from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once as deliver
from regulars.messaging.routes.keeping import (
    Shown as Route,
    activate as activate_route,
    channels,
    deactivate as deactivate_route,
    drop as drop_route,
    put as put_route,
    routes,
)
from regulars.messaging.routes.kinds import Field, Kind, kinds
from regulars.messaging.routes.trying import test as test_route
from regulars.messaging.story.kept import drawn, letter as drawn_letter
from regulars.messaging.story.reading import Filters, Page, counts, of_customer, plain, recent, story, unknown
from regulars.messaging.story.settling import CannotSettle, Decision as Settled, settle
from regulars.messaging.story.words import STATES

__all__ = [
    "STATES",
    "BadRoute",
    "CannotSettle",
    "Channel",
    "Decision",
    "Delivery",
    "Field",
    "Filters",
    "Kind",
    "Letter",
    "Outcome",
    "Page",
    "Request",
    "Route",
    "Settled",
    "State",
    "activate_route",
    "channels",
    "counts",
    "deactivate_route",
    "deliver",
    "drawn",
    "drawn_letter",
    "drop_route",
    "kinds",
    "of_customer",
    "plain",
    "put_route",
    "recent",
    "request",
    "routes",
    "settle",
    "story",
    "test_route",
    "unknown",
]
