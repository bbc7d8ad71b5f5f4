"""What to do next, read off the figures."""

from collections.abc import Iterator, Mapping
from typing import Any

Step = dict[str, Any]
MANY_GUESTS = 0.2  # share of the orders from which on guests are worth a word


def next_steps(report: Mapping[str, Any], newcomers: int, usual_days: int | None) -> list[Step]:
    """Return the advice that the figures support, the most urgent first.

    newcomers have ordered once within the last eight weeks; usual_days is when half of the returners were back.
    """
    steps = (*_data(report), *_late(report), *_second(newcomers, usual_days), *_segments(report), *_guests(report))
    return [step for step in steps if step["count"]]


def _data(report: Mapping[str, Any]) -> Iterator[Step]:
    rejected = int(report["imports"].get("rejected") or 0)
    yield _step(
        "Mend the rejected rows", "They are missing from every figure; the rejects file says what to do.", rejected
    )


def _late(report: Mapping[str, Any]) -> Iterator[Step]:
    why = "By their own rhythm they should have ordered again; the list has the most valuable first."
    yield _step("Write to the customers who are late", why, report["late_total"]["count"])


def _second(newcomers: int, usual_days: int | None) -> Iterator[Step]:
    if usual_days is None:
        return
    why = (
        f"They have ordered once, within the last eight weeks. Of those who came back, half did so by day {usual_days}."
    )
    yield _step("Ask newcomers for their second order", why, newcomers)


def _segments(report: Mapping[str, Any]) -> Iterator[Step]:
    found = {row["segment"]: row for row in report["rfm"]}
    advice = (
        (
            "Can't Lose",
            "Win back those you cannot afford to lose",
            "They ordered most often{brought} and have gone quiet.",
        ),
        ("Champions", "Look after your Champions", "They ordered most often{brought}, and did so most recently."),
    )
    for segment, title, why in advice:
        if segment in found:
            share = found[segment]["revenue_share"]
            brought = f", brought {share:.0%} of the customers' revenue" if share else ""
            yield _step(title, why.format(brought=brought), found[segment]["customers"])


def _guests(report: Mapping[str, Any]) -> Iterator[Step]:
    guests, orders = report["totals"]["guests_orders"], report["totals"]["orders"]
    why = "Nobody knows whether these buyers came back; an e-mail address at the checkout is enough."
    yield _step("Give guests a reason to say who they are", why, guests if guests >= MANY_GUESTS * orders else 0)


def _step(title: str, why: str, count: int) -> Step:
    return {"title": title, "why": why, "count": count}
