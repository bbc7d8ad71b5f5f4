"""How far an import is: a step in plain words, a share that only grows, and the places where it may be stopped."""

from collections.abc import Mapping

from regulars.events import api as events
from regulars.sources.imports.frame import CannotImport, Request

# What each step is called, and which share of the whole is done when it ends.
STEPS: Mapping[str, tuple[str, float]] = {
    "read": ("Reading the file", 0.3),
    "check": ("Checking the rows", 0.4),
    "people": ("Recognising the people", 0.6),
    "facts": ("Writing what happened", 0.97),
    "finish": ("Done", 1.0),
}


class Cancelled(RuntimeError):
    """An import that was stopped because somebody asked for it; running it again goes on where it stopped."""


class Course:
    """One import's way from the file to the end."""

    def __init__(self, request: Request) -> None:
        self._request, self._share = request, 0.0
        self._generation = events.generation()
        self.reach("read", 0.0)

    def reach(self, step: str, part: float) -> None:
        """Tell that this part of a step is done, then stop here if that was asked for. Call it outside transactions."""
        self._share = max(self._share, _share(step, part))
        self._request.progress(_words(step, part), self._share)
        if step != "finish" and self._request.cancelled():
            raise Cancelled("the import was cancelled; the same file imported again goes on where it stopped")

    def same_shop(self) -> None:
        """Raise CannotImport when the shop was started over since; call it while nobody else may write."""
        if events.generation() != self._generation:
            raise CannotImport("the shop was started over while this file was read; import it again")


def _share(step: str, part: float) -> float:
    """Return the share of the whole import.

    >>> _share("read", 0.5), _share("check", 0), _share("finish", 1)
    (0.15, 0.3, 1.0)
    """
    ends = [0.0, *(end for _, end in STEPS.values())]
    place = list(STEPS).index(step)
    return round(ends[place] + min(part, 1.0) * (ends[place + 1] - ends[place]), 4)


def _words(step: str, part: float) -> str:
    """Return what is going on: a step that is done says what comes next.

    >>> _words("read", 0.0), _words("read", 1.0), _words("finish", 1.0)
    ('Reading the file', 'Checking the rows', 'Done')
    """
    names = list(STEPS)
    place = min(names.index(step) + (part >= 1.0), len(names) - 1)
    # Behind the facts, the rejects are written and the result is noted: not "Done" yet.
    return "Finishing" if (step, part >= 1.0) == ("facts", True) else STEPS[names[place]][0]
