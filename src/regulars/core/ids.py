"""Time-ordered identifiers (UUID version 7, RFC 9562) for facts that arrive without one."""

import secrets
from datetime import datetime


def new_id(now: datetime) -> str:
    """Return 32 hex digits: 48 bits of Unix milliseconds, then version, variant and 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return f"{value:032x}"
