"""What is said of a record: a mark, and a sentence that says what to change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Name = Literal["SPF", "DKIM", "DMARC", "alignment"]


class Mark(StrEnum):
    """How a record stands."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Verdict:
    """One finding about one record."""

    about: Name
    mark: Mark
    sentence: str


def fine(about: Name, sentence: str) -> Verdict:
    """Return that it is well."""
    return Verdict(about, Mark.FINE, sentence)


def note(about: Name, sentence: str) -> Verdict:
    """Return that it works but could be better."""
    return Verdict(about, Mark.NOTE, sentence)


def wrong(about: Name, sentence: str) -> Verdict:
    """Return that mail is refused or doubted for it."""
    return Verdict(about, Mark.WRONG, sentence)
