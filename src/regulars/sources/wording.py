"""What a dry run found, in words."""

from typing import Any

SHOWN = 5


def in_words(told: dict[str, Any]) -> str:
    """Return the description of a file as lines for people."""
    how = [told["kind"]]
    how += [f"{name} {told[name]}" for name in ("encoding", "delimiter") if told[name]]
    lines = [
        f"{told['file']}: {', '.join(how)}",
        f"layout: {told['layout']}; each row is {_ROWS.get(told['target']) or _GRAINS[told['grain']]}",
        f"time zone {told['timezone']}, {_written(told)}",
        "columns: " + ", ".join(f"{name} = {column}" for name, column in told["mapped"].items()),
    ]
    if told["ignored"]:
        shown = ", ".join(told["ignored"][:8])
        lines.append(
            f"not used: {shown}" + (f" and {len(told['ignored']) - 8} more" if len(told["ignored"]) > 8 else "")
        )
    lines += told["notes"]
    lines.append(
        f"{told['rows']:,} rows, {told['bad']:,} of them bad, {told['skipped']:,} left out as the mapping says"
    )
    lines += [
        f"  line {bad['line']}: {bad['field']}: {bad['reason']}; {bad['fix']}" for bad in told["first_bad"][:SHOWN]
    ]
    for row in told["understood"][:1]:
        lines.append("first row as understood: " + ", ".join(f"{name} {cell}" for name, cell in row.items()))
    lines.append("Nothing was imported (--dry-run).")
    return "\n".join(lines)


def _written(told: dict[str, Any]) -> str:
    """Say how dates and numbers were found to be written."""
    ways = sorted(set(told["dates"].values()))
    dates = [f"dates {' and '.join(ways)}"] if ways else []
    return ", ".join([*dates, f"decimal mark {told['decimal']}"])


_ROWS = {
    "customers": "a customer",
    "products": "a product",
    "costs": "the cost of a channel in a month",
    "events": "an event",
}
_GRAINS = {"order": "an order", "line": "a line of an order", "moment": "what one customer bought at one moment"}
