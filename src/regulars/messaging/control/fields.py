"""Which limits there are, and what may be typed for each: data, from which forms are made and texts are read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from regulars.consent import api as consent

gate = consent.gate
Form = Literal["count", "needed", "hours", "plan", "day", "choice"]
MOST = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One limit. A count that is blank is no limit; needed is a count that must be there."""

    name: str
    label: str
    help: str
    form: Form
    default: str = ""
    channel: str = ""

    def fault(self, text: str) -> str:
        """Return what is wrong with a text and what to do, as a sentence; blank when nothing is.

        >>> Setting(name="a_day", label="A day", help="", form="needed").fault("0")
        '“0” is no number from 1 on; write digits alone, like 500.'
        >>> Setting(name="x.warm_up", label="Plan", help="", form="plan").fault("50, many")
        '“many” is no number from 1 on; write the days as numbers with commas between them, like 50, 100, 200.'
        """
        match self.form:
            case "needed" if not text:
                return "It must not be empty; write a number from 1 on."
            case "count" | "needed":
                return "" if not text or is_count(text) else f"“{text}” is no number from 1 on; write digits alone, like 500."  # fmt: skip
            case "hours":
                return _hours_fault(text)
            case "plan":
                wrong = next((one for one in plan_of(text) if not is_count(one)), None)
                return "" if wrong is None else f"“{wrong}” is no number from 1 on; write the days as numbers with commas between them, like 50, 100, 200."  # fmt: skip
            case "day":
                return "" if not text or _is_day(text) else f"“{text}” is no day; write it like 2026-03-21."
            case "choice":
                return "" if text in ("yes", "no") else "Say yes or no."


def is_count(text: str) -> bool:
    """Say whether a text is a number from 1 on that may be a limit."""
    return bool(re.fullmatch("[0-9]{1,9}", text)) and 1 <= int(text) <= MOST


def plan_of(text: str) -> list[str]:
    """Return the numbers of a plan, as they were typed.

    >>> plan_of("50, 100;200 "), plan_of(" ")
    (['50', '100', '200'], [])
    """
    return [one for one in re.split(r"[\s,;]+", text) if one]


def _hours_fault(text: str) -> str:
    try:
        gate.week(text)
    except ValueError as problem:
        return str(problem)
    return ""


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == 10
    except ValueError:
        return False


GENERAL = (
    Setting(name="a_day", label="In 24 hours, over all channels", help="Marketing messages to one person.", form="needed", default="1"),
    Setting(name="a_week", label="In 7 days, over all channels", help="Marketing messages to one person.", form="needed", default="3"),
    Setting(name="apart", label="Minutes between two", help="However many may go, two to one person keep this distance.", form="needed", default="60"),
)  # fmt: skip
OPENS = Setting(
    name="email.opens", label="Count opens", form="choice", default="no", channel="email",
    help="A picture of one pixel tells when a mail is opened. Programs fetch it too, so it decides nothing.",
)  # fmt: skip
# The shop's own hours by channel; where a country's law is stricter, the law holds (docs/gate.md).
HOURS = {"email": "7-22", "sms": "9-20", "whatsapp": "9-20", "push": "9-21", "webhook": "0-24"}


def _of(channel: str) -> tuple[Setting, ...]:
    """Return the limits of one channel."""
    around = HOURS[channel]
    rows: Sequence[tuple[str, str, str, Form, str]] = (
        ("weekdays", "Hours, Monday to Friday", "By the recipient’s clocks, like 9-20 or 9:30-18; empty for none.", "hours", around),
        ("saturday", "Hours, Saturday", "", "hours", around),
        ("sunday", "Hours, Sunday", "", "hours", around),
        ("a_day", "To one person in 24 hours", "On this channel alone; empty for no more than the limit over all.", "count", ""),
        ("a_week", "To one person in 7 days", "", "count", ""),
        ("per_minute", "A minute", "What your provider takes, or what you want to give it; empty for no limit.", "count", ""),
        ("per_hour", "An hour", "", "count", ""),
        ("per_day", "A day", "By the shop’s clocks.", "count", ""),
        ("per_month", "A month: the budget", "How many messages you want to pay for; it comes back with the first of the month.", "count", ""),
        ("warm_up", "Warm-up plan", "How many may go on the first day, the second and so on, like 50, 100, 200, 400; empty for none.", "plan", ""),
        ("warm_up_from", "First day of the plan", "", "day", ""),
    )  # fmt: skip
    return tuple(
        Setting(name=f"{channel}.{name}", label=label, help=about, form=form, default=default, channel=channel)
        for name, label, about, form, default in rows
    )


SETTINGS: dict[str, Setting] = {
    one.name: one for one in (*GENERAL, *(one for channel in HOURS for one in _of(channel)), OPENS)
}
