"""The gist of a report for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

Report = Mapping[str, Any]
NAMES = {
    "bounded_week_8": "in week eight exactly",
    "within_56_days": "within eight weeks",
    "unbounded_day_56": "after eight weeks or later",
}


def summary(report: Report) -> str:
    """Return the report's main figures in plain words."""
    lines = [report["headline"]["text"]]
    if report["totals"]["orders"]:
        sections = (_sums, _windows, _curve, _segments, _value, _late, _steps)
        for section in sections:
            told = list(section(report))
            lines += ["", *told] if told else []
    return "\n".join(lines)


def _sums(report: Report) -> Iterator[str]:
    totals, currency = report["totals"], report["currency"]
    yield f"As of {report['as_of']} ({report['timezone']}), {totals['first_order_on']} to {totals['last_order_on']}"
    yield f"  {totals['orders']:,} orders, {_money(totals['net_revenue'], currency)} after {_money(totals['refunds'], currency)} refunds"
    yield (
        f"  {totals['customers']:,} customers; {totals['repeat_customers']:,} ordered twice or more "
        f"({_share(totals['repeat_rate'])}); average order {_money(totals['average_order_value'], currency)}"
    )


def _windows(report: Report) -> Iterator[str]:
    yield "Came back after the first order (95% interval; only customers whose window has closed)"
    for row in report["retention"]:
        name = NAMES.get(row["name"]) or _days(row)
        if row["rate"] is None:
            yield f"  {name:<28} nobody's window has closed yet"
        else:
            between = f"{_share(row['low'])} to {_share(row['high'])}"
            yield f"  {name:<28} {_share(row['rate']):>6}  ({between}; {row['retained']:,} of {row['eligible']:,})"


def _days(row: Report) -> str:
    return (
        f"from day {row['from_day']} on" if row["to_day"] is None else f"on days {row['from_day']} to {row['to_day']}"
    )


def _curve(report: Report) -> Iterator[str]:
    known = {row["day"]: row["share"] for row in report["repurchase_curve"]}
    told = [f"{_share(known[day])} by day {day}" for day in (30, 90, 180, 365) if day in known]
    if told:
        yield "Second order: " + ", ".join(told)
    if report["totals"]["top_20_percent_revenue_share"]:
        yield f"The best 20% of the customers bring {_share(report['totals']['top_20_percent_revenue_share'])} of their revenue"


def _segments(report: Report) -> Iterator[str]:
    best = sorted(report["rfm"], key=lambda row: -float(row["revenue"]))[:3]
    told = [
        f"{row['segment']} {row['customers']:,} ({_money(row['revenue'], report['currency'])})"
        for row in best
        if row["customers"]
    ]
    if told:
        yield "Segments with the most revenue: " + ", ".join(told)


def _value(report: Report) -> Iterator[str]:
    model = report["value_model"]
    if model["abstains"]:
        yield "No forecast yet"
        yield from (f"  {reason}" for reason in model.get("reasons") or ["too little history"])
        return
    orders, revenue = model["expected_orders"], model.get("expected_revenue")
    worth = f", worth {_money(revenue['mean'], report['currency'])}" if revenue else ""
    yield (
        f"In the next {model['horizon_days']} days expect {orders['mean']:,.0f} orders "
        f"({orders['low']:,.0f} to {orders['high']:,.0f}) of today's customers{worth}"
    )
    test = model.get("backtest")
    if test:
        yield f"Tested: hidden after {test['calibration_end']}, predicted {test['expected']:,.0f}, came {test['actual']:,.0f}"


def _late(report: Report) -> Iterator[str]:
    late = report["late_total"]
    if late["count"]:
        yield f"Late by their own rhythm: {late['count']:,} customers who spent {_money(late['value'], report['currency'])} so far"


def _steps(report: Report) -> Iterator[str]:
    steps = report["next_steps"][:4]
    if steps:
        yield "What to do next"
        yield from (f"  {step['title']} ({step['count']:,})" for step in steps)


def _money(amount: str | None, currency: str) -> str:
    if amount is None:
        return "–"
    whole, _, minor = amount.partition(".")
    return f"{int(whole):,}{'.' + minor if minor else ''} {currency}"


def _share(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"
