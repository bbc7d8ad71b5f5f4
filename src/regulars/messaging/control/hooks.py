"""Questions about people that other parts of Regulars answer: the loop, or whoever starts the process, registers who does.

A part that knows of open complaints, stuck parcels or people held out calls `ask_also` once at start-up. Without anybody to ask,
nobody is held back. Whoever answers with a fault stops the batch: no marketing goes while the question is open.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

People = Callable[[Sequence[int]], frozenset[int]]
Question = Literal["held_out", "complaining", "waiting_for_parcels"]
_asked: dict[Question, dict[str, People]] = {question: {} for question in get_args(Question)}


def nobody(customers: Sequence[int]) -> frozenset[int]:
    """Return nobody: a question that there is nobody to ask."""
    return frozenset()


@dataclass(frozen=True)
class Hooks:
    """What other parts know of people: who is held out, who has an open complaint, whose parcel is stuck."""

    held_out: People = nobody
    complaining: People = nobody
    waiting_for_parcels: People = nobody


def ask_also(question: Question, name: str, people: People) -> None:
    """Ask this part too, of many customers at once, which of them it is; a part of the same name is replaced."""
    _asked[question][name] = people


def ask_no_more(question: Question, name: str) -> None:
    """Ask this part no longer."""
    _asked[question].pop(name, None)


def hooks() -> Hooks:
    """Return the questions with everybody who answers them now."""
    return Hooks(**{question: _all(tuple(parts.values())) for question, parts in _asked.items()})


def _all(parts: Sequence[People]) -> People:
    def answer(customers: Sequence[int]) -> frozenset[int]:
        return frozenset().union(*(people(customers) for people in parts))

    return answer
