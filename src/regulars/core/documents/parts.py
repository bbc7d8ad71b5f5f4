"""Sentences about the parts of a document: what was found, and what may have been meant."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any


def near(name: Any, known: Iterable[str]) -> str:
    """Say which known name may have been meant, else which there are.

    >>> near("ordres", ["orders", "net"]), near(3, ["net"]), near("x", [])
    ("did you mean 'orders'?", 'there are net', 'there are none')
    """
    listed = list(known)
    close = difflib.get_close_matches(name, listed, n=1) if isinstance(name, str) else []
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(listed)}" if listed else "there are none"


def found(told: Mapping[str, Any]) -> str:
    """Say which parts there were.

    >>> found({"wait": 1, "send": 2}), found({})
    ('found wait, send', 'found nothing')
    """
    return f"found {', '.join(told)}" if told else "found nothing"
