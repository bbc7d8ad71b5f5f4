"""Segments made, changed and dropped; a rule is checked before it is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from regulars.access import api as access
from regulars.segments import compiling
from regulars.segments.models import Segment
from regulars.segments.rules import reading
from regulars.segments.rules.tree import Rule

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME, LONGEST_TITLE, LONGEST_POSITION, MOST_INTERESTS = 64, 120, 500, 50
POSITION = ("target", "category", "differentiator", "payoff")


class BadSegment(ValueError):
    """A segment that cannot be kept; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Draft:
    """A segment as somebody wants it: its rule as a document, and what it may carry for templates.

    position has target, category, differentiator and payoff; interests are words that templates can ask for.
    """

    name: str
    title: str
    rule: Mapping[str, Any]
    position: Mapping[str, str]
    interests: Sequence[str] = ()


def put(draft: Draft, by: str, now: datetime) -> bool:
    """Keep a segment, in place of one of its name, with a line in the audit log; say whether it is new. Raise BadSegment.

    Its members are counted by the next round. A changed rule moves people in and out without entering or leaving: journeys
    start by what people do, not by an edit.
    """
    _checked(draft)
    with transaction.atomic():
        before = Segment.objects.select_for_update().filter(name=draft.name).first()
        values: dict[str, Any] = {"title": draft.title.strip(), "interests": list(draft.interests), "changed_at": now}
        values |= {part: draft.position.get(part, "").strip() for part in POSITION}
        if before is None or before.rule != draft.rule:
            values |= {"rule": draft.rule, "is_settled": False, "problem": ""}
        Segment.objects.update_or_create(
            name=draft.name, defaults=values, create_defaults={**values, "created_at": now}
        )
        Segment.objects.exclude(problem="").update(problem="")  # what they miss may be there now
        access.note(by, "segment.added" if before is None else "segment.changed", draft.name, {}, now)
    return before is None


def drop(name: str, by: str, now: datetime) -> None:
    """Forget a segment and who belonged to it, with a line in the audit log. Raise BadSegment."""
    with transaction.atomic():
        if not Segment.objects.filter(name=name).exists():
            raise BadSegment(f"There is no segment called '{name}' any more.")
        users = [one.name for one in Segment.objects.exclude(name=name) if name in named(one.rule)]
        if users:
            raise BadSegment(
                f"Segment '{name}' is asked for by {', '.join(sorted(users))}; change or drop those first."
            )
        Segment.objects.filter(name=name).delete()
        access.note(by, "segment.dropped", name, {}, now)


def rule_of(name: str) -> Rule:
    """Return the rule of a segment by name; raise compiling.NoSuchSegment."""
    row = Segment.objects.filter(name=name).values_list("rule", flat=True).first()
    if row is None:
        raise compiling.NoSuchSegment(f"there is no segment '{name}'")
    return reading.read(row)


def compiled(rule: Rule) -> compiling.Compiled:
    """Compile a rule with the segments that are kept."""
    return compiling.compiled(rule, rule_of)


def _checked(draft: Draft) -> None:
    if not NAME.fullmatch(draft.name) or len(draft.name) > LONGEST_NAME:
        raise BadSegment(
            f"A segment's name is of small letters, digits and single hyphens, as tea-lovers, not {draft.name!r}."
        )
    if not draft.title.strip() or len(draft.title) > LONGEST_TITLE:
        raise BadSegment(f"A segment needs a title of at most {LONGEST_TITLE} characters.")
    for part, words in draft.position.items():
        if part not in POSITION or len(words) > LONGEST_POSITION:
            raise BadSegment(
                f"{part} must be one of {', '.join(POSITION)}, at most {LONGEST_POSITION} characters long."
            )
    if len(draft.interests) > MOST_INTERESTS or any(len(one) > LONGEST_TITLE for one in draft.interests):
        raise BadSegment(f"At most {MOST_INTERESTS} interests of {LONGEST_TITLE} characters each can stand here.")
    try:
        rule = reading.read(draft.rule)
        if draft.name in named(draft.rule):
            raise BadSegment("A segment cannot ask for itself.")
        compiling.compiled(rule, lambda name: _not_in_a_circle(name, draft.name))
    except (reading.BadRule, compiling.NoSuchSegment) as problem:
        raise BadSegment(str(problem)) from None


def _not_in_a_circle(name: str, own: str) -> Rule:
    if name == own:
        raise BadSegment(f"That would be a circle: '{own}' is asked for by a segment that it asks for.")
    return rule_of(name)


def named(rule: Any) -> set[str]:
    """Return the names of segments that a rule's document asks for.

    >>> sorted(named({"all": [{"segment": "b"}, {"not": {"segment": "a"}}, {"field": "orders", "at_least": 1}]}))
    ['a', 'b']
    """
    if isinstance(rule, Mapping):
        own = {rule["segment"]} if isinstance(rule.get("segment"), str) else set()
        return own.union(*(named(rule[part]) for part in ("all", "any", "not") if part in rule))
    return set().union(*(named(one) for one in rule)) if isinstance(rule, list) else set()
