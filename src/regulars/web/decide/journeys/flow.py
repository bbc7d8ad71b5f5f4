"""A journey's steps as people read them from top to bottom, ways indented, with who stands and went where."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from regulars.journeys import api as journeys
from regulars.web.decide.journeys import words

DEEPEST = 9  # ways in ways; a document that is deeper is refused anyhow


@dataclass(frozen=True)
class Way:
    """One way on: its place in the document, that of its steps, what it is called, and how many went it."""

    place: str
    inner: str
    says: str
    steps: Sequence["Step"] = ()
    n: int | None = None
    fault: str = ""
    is_ruled: bool = False

    @property
    def anchor(self) -> str:
        """Return an id for the page."""
        return anchor(self.place)

    @property
    def inner_anchor(self) -> str:
        """Return an id for its steps."""
        return anchor(self.inner)

    @property
    def may_move(self) -> bool:
        """Whether it is one of several ways that can be put in another order, or taken away."""
        return self.place.endswith("]")


@dataclass(frozen=True)
class Step:
    """A step: its place in the document, its kind, what it says, its ways, and how it stands where people walk it."""

    place: str
    kind: str
    says: str
    icon: str
    ways: Sequence[Way] = ()
    standing: journeys.Place | None = None
    fault: str = ""

    @property
    def anchor(self) -> str:
        """Return an id for the page."""
        return anchor(self.place)

    @property
    def number(self) -> int | None:
        """Return the number by which people's stories name it."""
        return None if self.standing is None else self.standing.number + 1


@dataclass(frozen=True)
class Around:
    """What a flow is drawn with: segments' titles, how places stand, and what is wrong at which place."""

    titles: words.Titles = field(default_factory=dict)
    standing: Mapping[str, journeys.Place] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def anchor(place: str) -> str:
    """Return a place as an id.

    >>> anchor("steps[2].came[1]")
    'steps-2-came-1'
    """
    return place.replace("[", "-").replace("].", "-").replace("]", "").replace(".", "-")


def drawn(told: Any, around: Around, place: str = "steps", depth: int = 0) -> list[Step]:
    """Return the steps that stand at a place of a document; told may be half written."""
    if not isinstance(told, list) or depth > DEEPEST:
        return []
    return [_step(one, f"{place}[{n}]", around, depth) for n, one in enumerate(told, 1)]


def flat(steps: Sequence[Step]) -> Iterator[Step | Way]:
    """Return every step and every way, from top to bottom."""
    for one in steps:
        yield one
        for way in one.ways:
            if way.place:
                yield way
            yield from flat(way.steps)


def nearest(place: str, known: Collection[str]) -> str:
    """Return the place among known ones at which something that stands at a place is shown, blank where there is none.

    >>> nearest("steps[2].wait.for", {"steps[1]", "steps[2]"}), nearest("steps", {"steps[1]"})
    ('steps[2]', '')
    """
    while place and place not in known:
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    return place


def _step(told: Any, place: str, around: Around, depth: int) -> Step:
    kind = words.kind_of(told)
    at = around.standing.get(place)
    ways = _WAYS[kind](told, place, around) if kind in _WAYS else []
    shown = [
        Way(way.place, way.inner, way.says, drawn(steps, around, way.inner, depth + 1), _gone(at, n), around.faults.get(way.place, ""), way.is_ruled)
        for n, (way, steps) in enumerate(ways)
    ]  # fmt: skip
    return Step(place, kind, words.step(told), words.ICONS.get(kind, "help"), shown, at, around.faults.get(place, ""))


def _gone(at: journeys.Place | None, n: int) -> int | None:
    return at.n_left[n] if at is not None and n < len(at.n_left) else None


def _branch(told: Any, place: str, around: Around) -> list[tuple[Way, Any]]:
    found: list[tuple[Way, Any]] = []
    listed = told["branch"] if isinstance(told["branch"], list) else []
    for n, one in enumerate(listed, 1):
        at, way = f"{place}.branch[{n}]", one if isinstance(one, Mapping) else {}
        if "otherwise" in way:
            found.append((Way(at, f"{at}.otherwise", _("Everybody else")), way["otherwise"]))
        else:
            says = _("If %(rule)s") % {"rule": words.rule(way.get("when"), around.titles)}
            found.append((Way(at, f"{at}.steps", says, is_ruled=True), way.get("steps", [])))
    if not any("otherwise" in one for one in listed if isinstance(one, Mapping)):
        found.append((Way("", "", _("Everybody else goes on below")), []))
    return found


def _split(told: Any, place: str, _around: Around) -> list[tuple[Way, Any]]:
    found: list[tuple[Way, Any]] = []
    for n, one in enumerate(told["arms"] if isinstance(told.get("arms"), list) else [], 1):
        at, arm = f"{place}.arms[{n}]", one if isinstance(one, Mapping) else {}
        says = _("%(name)s, %(share)s %% of them") % {"name": arm.get("name", "?"), "share": arm.get("share", "?")}
        found.append((Way(at, f"{at}.steps", says), arm.get("steps", [])))
    return found


def _wait_fact(told: Any, place: str, _around: Around) -> list[tuple[Way, Any]]:
    length = told["wait"].get("at_most", "?")
    says = {"came": _("If it came"), "timed_out": _("If it did not come within %(length)s") % {"length": length}}
    return [(Way(f"{place}.{way}", f"{place}.{way}", says[way]), told.get(way, [])) for way in says]


_WAYS = {"branch": _branch, "split": _split, "wait-fact": _wait_fact}
