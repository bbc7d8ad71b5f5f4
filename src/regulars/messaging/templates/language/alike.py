"""What the messages of a batch have alike: the template's own texts, and passages of it that only tell what they share.

A passage (a loop over the products of a newsletter) is written once for all messages that bring the very same values, and
counted for each of them as if it had been written anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.messaging.templates.language.meter import Meter

# Stands around the targets of a template's links. No text of a template, and none of its data, has this sign: see values.sound.
MARK = "\x01"
MOST = 256  # passages kept; where every message brings its own, they go again


class Fixed(str):
    """A text that many messages have alike."""

    __slots__ = ()


class Target(str):
    """Where a link leads, as it stands in its attribute."""

    __slots__ = ()


@dataclass(slots=True)
class Passage:
    """A passage as it was written, with what that cost. values are kept so that no other objects take their places."""

    values: Sequence[object]
    written: Sequence[str]
    steps: int
    made: int
    output: int
    whole: Sequence[str] = ()  # the same in few pieces, from the second message on


Mark = tuple[int, int, int, int]
Key = tuple[object, ...]


class Passages:
    """The passages of a batch, each under its place in the template, the locale, and which objects its values are."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Key, Passage] = {}

    def again(self, key: Key, meter: Meter, parts: list[str]) -> bool:
        """Write a passage as it was written before; say no where it was not, or where there is too little room for it."""
        found = self._known.get(key)
        if found is None or found.steps > meter.steps or found.made > meter.made or found.output > meter.output:
            return False
        found.whole = found.whole or _in_few(found.written)
        parts += found.whole
        meter.made -= found.made
        meter.output -= found.output
        meter.spend(found.steps)
        return True

    def keep(self, key: Key, values: Sequence[object], mark: Mark, meter: Meter, parts: list[str]) -> None:
        """Keep what was written since a mark: the meter's counts and how many parts there were."""
        if len(self._known) >= MOST:
            self._known.clear()
        steps, made, output, start = mark
        spent = (steps - meter.steps, made - meter.made, output - meter.output)
        self._known[key] = Passage(values, parts[start:], *spent)


def _in_few(parts: Sequence[str]) -> Sequence[str]:
    """Return what was written as targets and what stands between them."""
    found, texts = list[str](), list[str]()
    for part in (*parts, Target()):
        if type(part) is not Target:
            texts.append(part)
            continue
        if between := "".join(texts):
            found.append(Fixed(between))
        found.append(part)
        texts.clear()
    return found[:-1]
