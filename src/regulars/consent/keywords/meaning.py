"""Says what somebody means who answers: the keywords first, then a refusal in their own words."""

from collections.abc import Iterator
from enum import StrEnum

from regulars.consent.keywords import words
from regulars.consent.keywords.refusals import refuses
from regulars.consent.keywords.writing import sentences

LONGEST = 1000  # signs of a reply that are read; who refuses does so at its beginning


class Meaning(StrEnum):
    """What an answer means."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    REFUSAL = "refusal"  # no keyword, and still a wish to get no more
    OTHER = "other"

    @property
    def is_revocation(self) -> bool:
        """Whether consent ends with it: at once, and with one confirmation."""
        return self in (Meaning.STOP, Meaning.REFUSAL)


def meaning(text: str, language: str = "") -> Meaning:
    """Return what an answer means. language is the recipient's, two letters, where known; it only adds words.

    YES starts nothing, although some providers let it: it also answers "Is Tuesday fine?", and consent must be meant.

    >>> [meaning(text).value for text in ("Stop!", "START", "Hilfe", "don't text me again", "don't stop!", "Yes")]
    ['stop', 'start', 'help', 'refusal', 'other', 'other']
    >>> meaning("red"), meaning("RED", "tr")
    (<Meaning.OTHER: 'other'>, <Meaning.STOP: 'stop'>)
    """
    said = sentences(text[:LONGEST])
    stop = words.STOP | words.STOP_IF_SPOKEN.get(language[:2].lower(), frozenset())
    for word in _alone(said):
        if word in stop:
            return Meaning.STOP
        if word in words.START:
            return Meaning.START
        if word in words.HELP:
            return Meaning.HELP
    return Meaning.REFUSAL if any(refuses(sentence) for sentence in said) else Meaning.OTHER


def _alone(said: list[str]) -> Iterator[str]:
    """Yield what may be a keyword: the whole answer as it stands, and without politeness, numbers and repetition."""
    whole = " ".join(said).split()
    yield " ".join(whole)
    yield "".join(whole)
    kept = [word for word in whole if word not in words.POLITE and not word.isdigit()]
    yield " ".join(kept)
    yield " ".join(dict.fromkeys(kept))
