"""How patterns are put together."""

import re
from collections.abc import Mapping


def compiled(parts: Mapping[str, str], patterns: str) -> tuple[re.Pattern[str], ...]:
    """Return a pattern for each line, with NAMES of parts in it replaced, also where they touch; spaces stand for any one space between whole words.

    >>> (pattern,) = compiled({"THING": "texts?|sms"}, "no more THING$")
    >>> [bool(pattern.search(text)) for text in ("no more texts", "no more textsize", "piano more sms", "oh no more sms")]
    [True, False, False, True]
    """
    ready = {name: f"(?:{' '.join(part.split())})" for name, part in parts.items()}
    lines = (line.strip() for line in patterns.strip().splitlines())
    return tuple(re.compile(rf"\b(?:{_filled(line, ready)})(?!\w)") for line in lines if line)


def _filled(line: str, parts: Mapping[str, str]) -> str:
    names = "|".join(sorted(parts, key=len, reverse=True))
    return re.sub(names, lambda found: parts[found[0]], line)
