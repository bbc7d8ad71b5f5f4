"""The generic fact, for kinds that a shop invents itself."""

from regulars.events.registry import Fact, fact


@fact("custom.tracked")
class CustomTracked(Fact):
    """A shop's own event: its name and its properties as JSON text."""

    name: str
    properties: str
