"""A rehearsal's answer as lines, and the days that one is asked about."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from regulars.cli.app import refuse

if TYPE_CHECKING:
    from regulars.core.lake.moment import Moment
    from regulars.journeys import api as journeys

YEAR = timedelta(days=364)


def span_of(moment: "Moment", begin: str, end: str) -> tuple[datetime, datetime]:
    """Return the instants between which days lie, the first and the last among them, in the shop's zone."""
    last = _day(end) if end else _last_day(moment)
    first = _day(begin) if begin else last - YEAR
    if first > last:
        refuse(f"--from {first} comes after --to {last}.")
    return tuple(datetime.combine(day, time(), moment.zone) for day in (first, last + timedelta(days=1)))  # type: ignore[return-value]


def rehearsed(found: "journeys.Rehearsed") -> str:
    """Say what a journey would have done."""
    days = max(1, (found.end - found.begin).days)
    runs = f"  {found.n_entered:,} runs of {found.n_customers:,} customers; {found.n_held_out:,} held out, {found.n_inside:,} still inside"
    asked = f"  {found.n_asked:,} messages asked for, {found.n_sent:,} of them sent, {found.n_sent / days:,.1f} a day"
    lines = [
        f"{found.title}, as if it had been on from {found.begin:%Y-%m-%d} for {days:,} days:",
        f"{runs}, {found.n_reached:,} came to the goal by themselves",
        asked,
    ]
    if found.days:
        most = max(found.days, key=lambda one: one.n)
        lines.append(f"  the most on one day: {most.n:,} by {most.channel} on {most.day}")
    lines += [f"  {n:,} not sent: {why}" for why, n in found.refused.items()]
    lines += [f"  {n:,} sent later: {why}" for why, n in found.put_off.items()]
    lines += [f"  {n:,} left: {why}" for why, n in found.left.items()]
    lines += [f"  {n:,} customer-weeks with {many} messages" for many, n in found.pressure.items() if many > 1]
    lines += [f"  {one.n:,} of the customers are inside {one.title} today" for one in found.overlap]
    if found.stories:
        lines.append("One of them:")
        lines += [f"  {step.at:%Y-%m-%d %H:%M}  {step.said}" for step in found.stories[0].steps]
    return "\n".join([*lines, "What is assumed:", *(f"  {one}" for one in found.assumed)])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"'{text}' is no day; write one as 2025-12-31.")


def _last_day(moment: "Moment") -> date:
    found = moment.rows("SELECT max(last_day) FROM customers")[0][0]
    if found is None:
        refuse("There are no orders yet, so there is no past to walk through; import them first.")
    return date.fromisoformat(str(found))
