"""Published retention figures that shops get quoted, each with the reason why it is not theirs."""

from typing import Any

_CAVEAT = (
    "It counts what users did in apps, not orders: no order-based rate of a shop is good or bad by it. "
    "How the source defines the week is not stated where the figure is quoted."
)


def benchmarks() -> list[dict[str, Any]]:
    """Return the often quoted eight-week figures (Mixpanel, Product Benchmarks, 2017), none of them comparable."""
    quoted = (
        ("Eight-week retention, average of most industries", "under 20%"),
        ("Eight-week retention, elite in media and finance", "over 25%"),
        ("Eight-week retention, elite in software and e-commerce", "over 35%"),
    )
    return [
        {
            "name": name,
            "value": value,
            "source": "Mixpanel, Product Benchmarks Report",
            "year": 2017,
            "definition": "Users of an app who come back to it in the eighth week after they were first seen.",
            "comparable": False,
            "caveat": _CAVEAT,
        }
        for name, value in quoted
    ]
