"""The door of journeys: read and check their files, keep them, switch them on and off, walk them, see who stands where."""

from regulars.journeys.asking import (
    Left,
    Place,
    Status,
    Step,
    Story,
    Told,
    explain,
    listed,
    one,
    status,
    text,
    versions,
)
from regulars.journeys.engine.migrating import Change
from regulars.journeys.engine.rounds import run_once
from regulars.journeys.files import read as read_file
from regulars.journeys.keeping import CannotSwitch, activate, check_parts, drain, drop, move, moves, pause, put, stop
from regulars.journeys.over import reset
from regulars.journeys.ready import Installed, Programme, install, ready_made
from regulars.journeys.rehearsing.past import CannotRehearse
from regulars.journeys.rehearsing.rehearsal import Rehearsed, rehearse
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.reading import CHANNELS, PARTS, UNITS, WEEKDAYS, BadJourney
from regulars.journeys.rules.steps import Journey
from regulars.journeys.rules.wording import said
from regulars.messaging.api import NoSuchTemplate
from regulars.segments.api import NoSuchSegment

CANNOT_REHEARSE = (BadJourney, CannotRehearse, NoSuchTemplate, NoSuchSegment)

__all__ = [
    "CANNOT_REHEARSE",
    "CHANNELS",
    "PARTS",
    "UNITS",
    "WEEKDAYS",
    "BadJourney",
    "CannotRehearse",
    "CannotSwitch",
    "Change",
    "Installed",
    "Journey",
    "Left",
    "Node",
    "Place",
    "Programme",
    "Rehearsed",
    "Status",
    "Step",
    "Story",
    "Told",
    "activate",
    "check_parts",
    "drain",
    "drop",
    "explain",
    "install",
    "listed",
    "move",
    "moves",
    "one",
    "pause",
    "put",
    "read_file",
    "ready_made",
    "rehearse",
    "reset",
    "run_once",
    "said",
    "status",
    "stop",
    "text",
    "versions",
]
