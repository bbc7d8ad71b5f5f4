"""The door of measurement: the report as figures, as a page and in words."""

from collections.abc import Mapping
from typing import Any

from regulars.core.lake.moment import Moment
from regulars.measurement.page import html, policy
from regulars.measurement.report.asked import Question, Setting
from regulars.measurement.report.whole import whole
from regulars.measurement.words.summary import summary

__all__ = ["Question", "Setting", "in_words", "page", "page_policy", "report"]


def report(moment: Moment, question: Question, setting: Setting) -> dict[str, Any]:
    """Return the report as plain values: money as decimal text, rates as numbers, days in ISO form.

    The figures stop at question.as_of, by default the day of the last order or refund. A shop without orders gets a
    report too, of zeros and nulls.
    """
    return whole(moment, question, setting)


def page(found: Mapping[str, Any]) -> str:
    """Return a report as one self-contained HTML page."""
    return html(found)


def page_policy() -> str:
    """Return the content security policy that the page is written for: nothing runs, nothing loads."""
    return policy()


def in_words(found: Mapping[str, Any]) -> str:
    """Return the gist of a report for the terminal, some 25 lines."""
    return summary(found)
