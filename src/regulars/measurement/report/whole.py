"""The whole report: every section in the order in which it is read."""

from typing import Any

from regulars.core.lake.moment import Moment
from regulars.measurement.report import periods, predicted, returning, totals
from regulars.measurement.report.asked import Ground, Question, Setting, ground
from regulars.measurement.rules.windows import ALWAYS, asked
from regulars.measurement.words.benchmarks import benchmarks
from regulars.measurement.words.definitions import DEFINITIONS
from regulars.measurement.words.headline import headline
from regulars.measurement.words.next_steps import next_steps

NEWCOMER_DAYS = 56


def whole(moment: Moment, question: Question, setting: Setting) -> dict[str, Any]:
    """Return the report; a shop without orders gets one of zeros and nulls."""
    found = ground(moment, question, setting)
    parts = _nothing(question, setting) if found is None else _parts(found)
    frame = {
        "as_of": None if found is None else found.as_of.isoformat(),
        "timezone": setting.timezone,
        "currency": setting.currency,
        "generated_at": setting.now.isoformat(),
        "lake_version": moment.seq,
        "imports": dict(setting.imports),
    }
    report = {**frame, **parts, "benchmarks": benchmarks(), "definitions": dict(DEFINITIONS)}
    steps = next_steps(report, *report.pop("newcomers"))
    return {"headline": headline(report), **report, "next_steps": steps}


def _parts(ground: Ground) -> dict[str, Any]:
    first_days = ground.sums("first_days", 1)
    spent = totals.spenders(ground)
    second = returning.second_visit(ground)
    months = periods.Months(ground)
    return {
        "totals": totals.totals(ground, spent),
        "retention": returning.retention(ground, first_days),
        "sequence": returning.sequence(ground),
        "repurchase_curve": second.points,
        "median_days_to_second": second.curve.day_of(0.5),
        "cohorts": months.cohort_rows(),
        "weekly_cohorts": periods.weekly_cohorts(ground, first_days[-1][0] if first_days else None),
        "lifecycle": months.lifecycle(),
        "period_retention": months.quarters(),
        "concentration": totals.concentration(spent),
        **predicted.predicted(ground),
        "newcomers": (second.waiting(NEWCOMER_DAYS), second.usual_days),
    }


def _nothing(question: Question, setting: Setting) -> dict[str, Any]:
    windows = [*ALWAYS, *(asked(*days) for days in question.retention)]
    lists = ("sequence", "repurchase_curve", "lifecycle", "period_retention", "concentration")
    return {
        "totals": totals.nothing(setting),
        "retention": [returning.row(window, 0, 0, None) for window in windows],
        "median_days_to_second": None,
        "cohorts": {"grain": "month", "rows": []},
        "weekly_cohorts": {"grain": "week", "rows": []},
        **{name: [] for name in lists},
        **predicted.nothing(setting),
        "newcomers": (0, None),
    }
