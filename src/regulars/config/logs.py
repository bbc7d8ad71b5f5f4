"""Logs: one JSON object a line, or plain lines on a terminal; personal data is masked before it is written.

The rule is that no log call names a person; the masks are the net below it.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from regulars.core.watching.requests import request_id

FAULT = r"\d{8}T\d{6}x\d{6}p\d+"
# Looks like a telephone number and is none: a fault's number, an instant, this machine's own addresses.
KEPT = rf"{FAULT}|\d\d\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|127\.0\.0\.1|0\.0\.0\.0"
MASKS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 <token>"),
    (re.compile(r"([?&])[^\s\"'?&]+(?:[&?][^\s\"'?&]*)*"), r"\1<query>"),
    (re.compile(r"(?i)(?:\"[^\"\n]*\"|[^\s@<>\"',;:()=]+)(?:@|%40)[^\s@<>\"',;:()]+"), "<e-mail>"),
    (re.compile(r"rgl_[A-Za-z0-9_-]+"), "<token>"),
    (re.compile(rf"(?<![\w-])(?!{FAULT})(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{{24,}}"), "<token>"),
)
_NUMBER = re.compile(rf"(?<![\w.])(?P<kept>{KEPT})(?!\d)|(?:\+|%2[Bb])?\(?\d(?:[\d ()/.\-]|%20){{6,}}\d")


class Masked(logging.Filter):
    """Replaces e-mails, telephone numbers, tokens and query strings in a record's message, and notes the request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record and let it pass."""
        record.msg, record.args = masked(record.getMessage()), ()
        record.request = request_id.get()
        return True


class Lines(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, message, fields, request; no traceback, which may hold data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= getattr(record, "fields", {})
        if getattr(record, "request", ""):
            told["request"] = record.__dict__["request"]
        if record.exc_info and record.exc_info[0]:
            told["exception"] = record.exc_info[0].__name__
        return json.dumps(told, ensure_ascii=False)


class Plain(logging.Formatter):
    """Writes a record as one plain line, without a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        message = " ".join(record.getMessage().splitlines())
        return f"{self.formatTime(record, '%H:%M:%S')} {record.name}: {message}"


def masked(text: str) -> str:
    """Return a text without personal data.

    >>> masked("GET /customers?text=ann from ann@example.com, +49 30 1234567, rgl_abc123")
    'GET /customers?<query> from <e-mail>, <number>, <token>'
    >>> masked("flush failed at 2024-06-01 12:00; details in faults/20240601T120000x000001p42.txt")
    'flush failed at 2024-06-01 12:00; details in faults/20240601T120000x000001p42.txt'
    """
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return _NUMBER.sub(lambda found: found["kept"] or "<number>", text)


def configuration() -> dict[str, Any]:
    """Return Django's logging configuration: to standard error, from INFO on for ours and WARNING for others."""
    form = "plain" if sys.stderr.isatty() else "lines"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"masked": {"()": Masked}},
        "formatters": {"lines": {"()": Lines}, "plain": {"()": Plain}},
        "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": form, "filters": ["masked"]}},
        "root": {"handlers": ["errors"], "level": "WARNING"},
        "loggers": {
            "regulars": {"level": "INFO"},
            "django": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.server": {"handlers": [], "propagate": False},
        },
    }
