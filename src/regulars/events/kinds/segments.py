"""Facts about segments: who came to belong to one, and who left it."""

from dataclasses import dataclass

from regulars.events.registry import Fact, fact


@dataclass(frozen=True, kw_only=True)
class SegmentFact(Fact):
    """because is `facts` when something the customer did or told decided it, `day` when a new day alone did."""

    segment: str
    because: str


@fact("segment.entered")
class SegmentEntered(SegmentFact):
    """The customer belongs to the segment now. Whoever belonged when the segment was made or changed did not enter it."""


@fact("segment.left")
class SegmentLeft(SegmentFact):
    """The customer belongs to the segment no more."""
