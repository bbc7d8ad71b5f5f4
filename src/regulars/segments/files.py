"""A segment as a file: YAML that people write and read, kept in git as well as here."""

from collections.abc import Mapping
from typing import Any

from regulars.core.documents import yaml
from regulars.segments.asking import Told
from regulars.segments.keeping import POSITION, BadSegment, Draft
from regulars.segments.rules import reading

PARTS = ("name", "title", "rule", "position", "interests")


def read(text: str) -> Draft:
    """Read a segment's file; raise BadSegment with the line of the mistake."""
    try:
        document = yaml.read(text)
    except yaml.BadYaml as problem:
        raise BadSegment(str(problem)) from None
    told = document.value
    if not isinstance(told, Mapping):
        raise BadSegment("line 1: a segment has a name, a title and a rule, each on a line of its own")
    for name in told:
        if name not in PARTS:
            raise BadSegment(f"line {document.line_of(name)}: there is no part {name!r}; there are {', '.join(PARTS)}")
    try:
        reading.read(told.get("rule"))
    except reading.BadRule as problem:
        place = f"rule.{problem.place}" if problem.place else "rule"
        raise BadSegment(f"line {document.line_of(place)}: {place}: {problem.said}") from None
    position, interests = told.get("position") or {}, told.get("interests") or []
    if not isinstance(position, Mapping) or not all(isinstance(words, str) for words in position.values()):
        raise BadSegment(f"line {document.line_of('position')}: a position has {', '.join(POSITION)}, each a text")
    if not isinstance(interests, list):
        raise BadSegment(f"line {document.line_of('interests')}: interests are a list of words")
    name = str(told.get("name") or "")
    return Draft(name, str(told.get("title") or name), told["rule"], position, [str(one) for one in interests])


def written(segment: Told | Draft) -> str:
    """Write a segment as its file."""
    told: dict[str, Any] = {"name": segment.name, "title": segment.title, "rule": segment.rule}
    position = {part: words for part, words in segment.position.items() if words}
    told |= {"position": position} if position else {}
    told |= {"interests": list(segment.interests)} if segment.interests else {}
    return yaml.write(told)
