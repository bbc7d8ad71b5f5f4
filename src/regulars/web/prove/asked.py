"""What a reader asks of the retention page: read from the address, out of closed lists, with a default for all else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.http import QueryDict

from regulars.measurement import api as measurement

GRAINS, MEASURES, KINDS = (
    ("month", "week"),
    ("active", "returned", "revenue", "cumulative"),
    ("within", "bounded", "unbounded"),
)
LONGEST = 3650


@dataclass(frozen=True)
class Asked:
    """The heat map's grain and measure, one group or everybody, the window of days, the curves, and two groups to compare."""

    grain: Literal["month", "week"]
    measure: Literal["active", "returned", "revenue", "cumulative"]
    kind: Literal["within", "bounded", "unbounded"]
    by: str
    group: str
    one: str
    other: str
    from_day: int
    to_day: int | None

    @property
    def cohorts(self) -> measurement.Cohorts:
        return measurement.Cohorts(self.grain, self.measure, group_of(self.group), 13 if self.grain == "month" else 14)

    @property
    def curves(self) -> measurement.Curves:
        return measurement.Curves(self.kind, self.by or None, 7 if self.grain == "week" else 28, 12)


def read(query: QueryDict) -> Asked:
    """Read what is asked; whatever is not in a list, or is no window, becomes the default."""
    from_day = _day(query.get("from"), 1) or 1
    to_day = _day(query.get("to"), 56) if query.get("to", "56") else None
    return Asked(
        grain=cast("Any", _among(query.get("grain"), GRAINS)),
        measure=cast("Any", _among(query.get("measure"), MEASURES)),
        kind=cast("Any", _among(query.get("kind"), KINDS)),
        by=query.get("by", "") if query.get("by") in measurement.DIMENSIONS else "",
        group=_group(query.get("group")),
        one=_group(query.get("one")),
        other=_group(query.get("other")),
        from_day=from_day,
        to_day=to_day if to_day is None or to_day >= from_day else from_day,
    )


def group_of(text: str) -> measurement.Group | None:
    """Return a group written as dimension:value, None for everybody.

    >>> group_of("country:DE"), group_of("")
    (Group(dimension='country', value='DE'), None)
    """
    dimension, _, value = text.partition(":")
    return measurement.Group(dimension, value) if dimension in measurement.DIMENSIONS else None


def _group(text: str | None) -> str:
    return (text or "")[:300] if group_of(text or "") else ""


def _among(value: str | None, listed: Sequence[str]) -> str:
    return value if value and value in listed else listed[0]


def _day(text: str | None, default: int) -> int | None:
    if not text:
        return default
    return min(int(text), LONGEST) if text.isdigit() else default
