"""The door of journeys: read and compile a journey's file, and say its nodes in words."""

from regulars.journeys.files import read as read_file
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.reading import BadJourney
from regulars.journeys.rules.steps import Journey
from regulars.journeys.rules.wording import said

__all__ = ["BadJourney", "Journey", "Node", "read_file", "said"]
