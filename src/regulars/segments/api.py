"""The door of segments: make and change them, ask a draft, keep memberships up to date, read who belongs."""

from regulars.segments.asking import (
    Preview,
    Told,
    everybody,
    listed,
    member_numbers,
    one,
    preview,
    segments_of,
    shared,
    sizes,
)
from regulars.segments.compiling import Compiled, NoSuchSegment, Question, happened
from regulars.segments.files import read as read_file, written
from regulars.segments.keeping import BadSegment, Draft, compiled, drop, named, put
from regulars.segments.members import day_of, lay_out_groups, reset, run_once
from regulars.segments.ready import ready_made
from regulars.segments.rules import comparing, fields
from regulars.segments.rules.reading import BadRule, read, read_happening
from regulars.segments.rules.tree import Happening, Where
from regulars.segments.telling.wording import parts as in_parts, said as in_words

__all__ = [
    "BadRule",
    "BadSegment",
    "Compiled",
    "Draft",
    "Happening",
    "NoSuchSegment",
    "Preview",
    "Question",
    "Told",
    "Where",
    "comparing",
    "compiled",
    "day_of",
    "drop",
    "everybody",
    "fields",
    "happened",
    "in_parts",
    "in_words",
    "lay_out_groups",
    "listed",
    "member_numbers",
    "named",
    "one",
    "preview",
    "put",
    "read",
    "read_file",
    "read_happening",
    "ready_made",
    "reset",
    "run_once",
    "segments_of",
    "shared",
    "sizes",
    "written",
]
