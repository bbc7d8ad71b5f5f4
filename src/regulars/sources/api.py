"""The door of sources: read files, import them, say what was imported."""

from pathlib import Path
from typing import Any

from regulars.core.lake.engine import Connection, set_zone
from regulars.events import api as events
from regulars.sources import describing, reading, wording
from regulars.sources.files.options import CannotRead, Options
from regulars.sources.imports import frame, run
from regulars.sources.imports.course import Cancelled, Course
from regulars.sources.imports.frame import CannotImport, Request, Result, totals
from regulars.sources.past import forget, imports, rejects_of
from regulars.sources.samples import sample

TARGETS = ("orders", "customers", "products", "costs", "events")
options = Options
in_words = wording.in_words


def import_file(target: str, request: Request, wanted: Options) -> Result:
    """Import one file (target: one of TARGETS); running it again goes on or changes nothing.

    Raises Cancelled when the request is cancelled: what was written until then stays, whole, and the next run goes on.
    """
    record = frame.begin(target, request.path, request.now)
    course = Course(request)
    with frame.workplace(record) as (con, scratch):
        plan = reading.inspect(request.path, target, wanted, scratch)
        zone = _settle_zone(con, plan)
        currency = wanted.currency or (None if target in ("customers", "events") else events.currency() or None)
        staged = reading.Staged(con, plan, currency)
        events.fix(None, zone)
        course.reach("read", 1.0)
        run.offer_rates(con, wanted.rates, scratch)
        here = run.Run(record, con, staged, request, course)
        result = (
            run.import_orders(here, wanted.currency or "") if target == "orders" else run.import_records(here, target)
        )
        done = frame.finish(record, result, request.now)
    course.reach("finish", 1.0)
    return done


def describe(target: str, path: Path, wanted: Options, whole: bool = False) -> dict[str, Any]:
    """Say how a file would be read, and import nothing; of a very large one its beginning, unless the whole is asked for.

    What is missing is said in the answer (ready, missing, sentence). Raises CannotRead when the file is no table at all,
    or when an option cannot be.
    """
    with frame.trial_place() as (con, scratch):
        plan = reading.look(path, target, wanted, scratch)
        zone = _settle_zone(con, plan)
        return describing.described(con, plan, whole) | {"timezone": zone}


def _settle_zone(con: Connection, plan: reading.Plan) -> str:
    """Read the file's times without an offset in the zone that the user or the mapping names, else in the shop's."""
    zone = plan.options.timezone or events.timezone()
    try:
        set_zone(con, zone)
    except (OSError, ValueError, KeyError):
        raise CannotRead(f"'{zone}' is not a time zone; write one such as Europe/Berlin") from None
    return zone


__all__ = [
    "TARGETS",
    "Cancelled",
    "CannotImport",
    "CannotRead",
    "Options",
    "Request",
    "Result",
    "describe",
    "forget",
    "import_file",
    "imports",
    "in_words",
    "options",
    "rejects_of",
    "sample",
    "totals",
]
