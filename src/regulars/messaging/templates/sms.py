"""How many messages an SMS is: the phone network's alphabets, and what fits into one part of each."""

from dataclasses import dataclass

# GSM 03.38 (3GPP TS 23.038): the default alphabet, and its extension, whose signs are sent as two.
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# What one message holds, and what a part of a longer one holds beside the header that joins them.
SINGLE_GSM, PART_GSM, SINGLE_UCS, PART_UCS = 160, 153, 70, 67


@dataclass(frozen=True)
class Size:
    """The size of an SMS: signs in its alphabet's units, and in how many parts it is sent and paid."""

    alphabet: str
    units: int
    segments: int
    beyond: str = ""  # the first signs that are not in GSM-7, each once


def measure(text: str) -> Size:
    """Return an SMS's size. A sign of two units is never cut in two, so parts may hold one unit less.

    >>> measure("a" * 160), measure("a" * 161).segments, measure("a" * 307).segments
    (Size(alphabet='GSM-7', units=160, segments=1, beyond=''), 2, 3)
    >>> measure("€" * 80).segments, measure("€" * 81).segments
    (1, 2)
    >>> measure("ž" * 70).segments, measure("ž" * 71).segments, measure("😀" * 35).units
    (1, 2, 70)
    >>> measure("a" * 152 + "€" * 77).units, measure("a" * 152 + "€" * 77).segments
    (306, 3)
    >>> measure("")
    Size(alphabet='GSM-7', units=0, segments=0, beyond='')
    """
    beyond = "".join(dict.fromkeys(sign for sign in text if sign not in GSM_7 and sign not in EXTENSION))
    if beyond:
        units = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
        return Size("UCS-2", sum(units), _segments(units, SINGLE_UCS, PART_UCS), beyond[:10])
    units = [2 if sign in EXTENSION else 1 for sign in text]
    return Size("GSM-7", sum(units), _segments(units, SINGLE_GSM, PART_GSM))


def _segments(units: list[int], single: int, part: int) -> int:
    if sum(units) <= single:
        return 1 if units else 0
    segments, room = 1, part
    for unit in units:
        if unit > room:
            segments, room = segments + 1, part
        room -= unit
    return segments
