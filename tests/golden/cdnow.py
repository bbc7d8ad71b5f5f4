"""The 1/10 sample of CDNOW as the package carries it, as order days per customer."""

import gzip
from datetime import date
from functools import cache
from importlib import resources

CALIBRATION_END, LAST_DAY = date(1997, 9, 30), date(1998, 6, 30)
SAMPLE = resources.files("regulars.sources") / "samples" / "cdnow.txt.gz"


@cache
def order_days() -> dict[int, dict[date, float]]:
    """Return what each customer spent on each order day."""
    customers: dict[int, dict[date, float]] = {}
    for line in gzip.decompress(SAMPLE.read_bytes()).decode("ascii").splitlines():
        _, customer, day, _, amount = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        spent = customers.setdefault(int(customer), {})
        spent[when] = spent.get(when, 0.0) + float(amount)
    return customers


def histories(end: date = CALIBRATION_END) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return frequency, recency, T in days up to `end`, and order days after it, for customers known by then."""
    rows = []
    for days in order_days().values():
        known = sorted(day for day in days if day <= end)
        if known:
            later = sum(day > end for day in days)
            rows.append((len(known) - 1, (known[-1] - known[0]).days, (end - known[0]).days, later))
    frequency, recency, age, later_days = zip(*rows, strict=True)
    return list(frequency), list(recency), list(age), list(later_days)


def repeat_values(end: date = CALIBRATION_END) -> tuple[list[int], list[float]]:
    """Return the repeat order days and their mean value for customers who came back and spent something."""
    frequency, means = [], []
    for days in order_days().values():
        repeats = [days[day] for day in sorted(day for day in days if day <= end)[1:]]
        if repeats and sum(repeats) > 0:
            frequency.append(len(repeats))
            means.append(sum(repeats) / len(repeats))
    return frequency, means
