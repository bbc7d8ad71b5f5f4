"""The door of measurement: the report as figures, as a page and in words; and single questions about who came back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from regulars.core.lake.moment import Moment
from regulars.measurement.explore import cohorts as heat_map, curves, movement as movements, products, windows
from regulars.measurement.explore.cohorts import Cohorts
from regulars.measurement.explore.curves import Curves
from regulars.measurement.explore.look import DIMENSIONS, Group, Look, last_day
from regulars.measurement.explore.products import FirstProducts
from regulars.measurement.explore.sizes import group_sizes as sizes
from regulars.measurement.explore.windows import Compared
from regulars.measurement.page import html, policy
from regulars.measurement.report.asked import Question, Setting
from regulars.measurement.report.whole import whole
from regulars.measurement.rules.windows import asked as window
from regulars.measurement.words.summary import summary

__all__ = [
    "DIMENSIONS",
    "Cohorts",
    "Compared",
    "Curves",
    "FirstProducts",
    "Group",
    "Question",
    "Setting",
    "cohorts",
    "compare",
    "first_products",
    "group_sizes",
    "in_words",
    "last_day",
    "movement",
    "page",
    "page_policy",
    "report",
    "retention_curves",
    "window_rate",
]

FIRST_PAGE = FirstProducts()


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


def cohorts(moment: Moment, asked: Cohorts, as_of: date | None = None) -> dict[str, Any]:
    """Return the cohort heat map: rows of cells with their measure, and whether a cell is mature.

    Every door below stops at as_of, by default the day of the last order or refund, and writes money as decimal text of
    the shop's currency with four places.
    """
    return heat_map.cohorts(Look(moment, as_of), asked)


def window_rate(
    moment: Moment, from_day: int, to_day: int | None, group: Group | None = None, as_of: date | None = None
) -> dict[str, Any]:
    """Return the share that came back on days from_day to to_day (None: or later) after the first order.

    Raises ValueError when the days are no window.
    """
    return windows.window_rate(Look(moment, as_of), window(from_day, to_day), group)


def compare(moment: Moment, asked: Compared, as_of: date | None = None) -> dict[str, Any]:
    """Return two groups' rates in one window, the interval of their difference and what it allows to say."""
    return windows.compare(Look(moment, as_of), asked)


def retention_curves(moment: Moment, asked: Curves, as_of: date | None = None) -> dict[str, Any]:
    """Return curves of coming back, group by group; raises ValueError for what is no dimension or no period."""
    return curves.retention_curves(Look(moment, as_of), asked)


def group_sizes(moment: Moment, most: int, as_of: date | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return the values of each dimension with the most customers: value and customers, at most so many of each."""
    return sizes(Look(moment, as_of), most)


def first_products(moment: Moment, asked: FirstProducts = FIRST_PAGE, as_of: date | None = None) -> dict[str, Any]:
    """Return the products of first orders: who came back, who bought the same again; revenue only as of the newest day."""
    return products.first_products(Look(moment, as_of), asked)


def movement(moment: Moment, now: datetime, as_of: date | None = None) -> dict[str, Any]:
    """Return what changed in the last 28 complete days against the 28 before, and whether it is more than noise."""
    return movements.movement(Look(moment, as_of), now)
