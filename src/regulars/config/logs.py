"""Logs: one JSON object a line, or plain lines on a terminal; personal data is masked before it is written."""

import json
import logging
import re
import sys
from typing import Any

MASKS = (
    (re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+\.[^\s@<>\"',;:()]+"), "<e-mail>"),
    (re.compile(r"rgl_[A-Za-z0-9_-]+"), "<token>"),
    (re.compile(r"\+?\d[\d ()/-]{7,}\d"), "<number>"),
    (re.compile(r"([?&])[^\s\"']+"), r"\1<query>"),
)


class Masked(logging.Filter):
    """Replaces e-mails, phone numbers, tokens and query strings in a record's message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record and let it pass."""
        record.msg, record.args = masked(record.getMessage()), ()
        return True


class Lines(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, message; no traceback, which may hold data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
        }
        told |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            told["exception"] = record.exc_info[0].__name__
        return json.dumps(told, ensure_ascii=False)


class Plain(logging.Formatter):
    """Writes a record as a plain line, without a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return f"{self.formatTime(record, '%H:%M:%S')} {record.name}: {record.getMessage()}"


def masked(text: str) -> str:
    """Return a text without personal data.

    >>> masked("GET /customers?text=ann from ann@example.com, +49 30 1234567, rgl_abc123")
    'GET /customers?<query> from <e-mail>, <number>, <token>'
    """
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


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
