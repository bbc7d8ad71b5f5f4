"""The door of sources: read files, import them, say what was imported."""

from pathlib import Path
from typing import Any

from regulars.events import api as events
from regulars.sources import reading, wording
from regulars.sources.files.options import CannotRead, Options
from regulars.sources.imports import frame, run
from regulars.sources.imports.frame import CannotImport, Request, Result, totals

TARGETS = ("orders", "customers", "products", "costs")
options = Options
in_words = wording.in_words


def import_file(target: str, request: Request, wanted: Options) -> Result:
    """Import one file (target: orders, customers, products, costs); running it again goes on or changes nothing."""
    record = frame.begin(target, request.path, request.now)
    events.fix(None, wanted.timezone)
    with frame.workplace(record) as (con, scratch):
        plan = reading.inspect(request.path, target, wanted, scratch)
        currency = wanted.currency or (None if target == "customers" else events.currency() or None)
        staged = reading.Staged(con, plan, currency)
        request.progress("read", 1.0)
        run.offer_rates(con, wanted.rates, scratch)
        here = run.Run(record, con, staged, request)
        result = (
            run.import_orders(here, wanted.currency or "") if target == "orders" else run.import_records(here, target)
        )
        return frame.finish(record, result, request.now)


def describe(target: str, path: Path, wanted: Options) -> dict[str, Any]:
    """Say how a file would be read, and import nothing."""
    with frame.trial_place() as (con, scratch):
        staged = reading.Staged(con, reading.inspect(path, target, wanted, scratch), wanted.currency)
        return reading.describe(staged) | {"timezone": wanted.timezone or events.timezone()}


__all__ = [
    "TARGETS",
    "CannotImport",
    "CannotRead",
    "Options",
    "Request",
    "Result",
    "describe",
    "import_file",
    "in_words",
    "options",
    "totals",
]
