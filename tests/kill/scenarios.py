"""What is killed: an import in several chunks, and the loop's ticks with everything that they do."""

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Scenario:
    """Work that may be killed anywhere and is then simply done again, and the state it must end in."""

    work: Callable[[], None]
    state: Callable[[], dict[str, Any]]


def write_orders(path: Path) -> None:
    """Write 60 rows: refunds, a guest, an e-mail that joins two customers, a duplicate, two bad rows."""
    with path.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["order_id", "customer_id", "email", "ordered_at", "total", "refunded", "currency"])
        for number in range(56):
            day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number)
            who = f"c{number % 11}"
            email = "" if number % 4 == 0 else f"{who if number % 11 else 'c1'}@example.com"
            refunded = "2.50" if number % 7 == 0 else "0"
            writer.writerow([f"O{number}", who, email, day.isoformat(), f"{10 + number}.00", refunded, "EUR"])
        writer.writerow(["G1", "", "", "2024-03-01T10:00:00Z", "5.00", "0", "EUR"])
        writer.writerow(["O3", "c3", "c3@example.com", "2024-01-04T00:00:00+00:00", "13.00", "0", "EUR"])
        writer.writerow(["X1", "c1", "", "2024-02-30T10:00:00Z", "5.00", "0", "EUR"])
        writer.writerow(["X2", "c1", "", "2024-02-03T10:00:00Z", "five", "0", "EUR"])


def import_work() -> None:
    """Import the file in chunks of 20 lines, with a live order told in between, and look at the result."""
    from regulars.events import api as events
    from regulars.profiles import api as profiles
    from regulars.sources import api as sources
    from regulars.sources.imports import frame

    frame.CHUNK = 20
    path = Path(os.environ["REGULARS_HOME"]) / "orders.csv"
    if not path.exists():
        write_orders(path)
    events.append([_live("L1", {"id": "c3"}), _live("O5", {"id": "c5"})], NOW)
    request = sources.Request(path, profiles.people, NOW)
    sources.import_file("orders", request, sources.options())
    with events.reader(NOW):
        pass


def tick_work() -> None:
    """Tell facts, tick, tell corrections and ticks again, with flushes and derived tables in between."""
    from regulars import loop
    from regulars.events import api as events
    from regulars.events.kinds.orders import OrderRefunded

    events.append(
        [_live(f"A{number}", {"id": f"c{number % 3}", "email": f"e{number % 2}@x.de"}) for number in range(9)], NOW
    )
    loop.run_once(NOW)
    with events.reader(NOW):
        pass
    fact = OrderRefunded(order_id="A1", refund_id="r1", amount=Decimal("3"), currency="EUR")
    events.append([events.Told(fact=fact, source="shop", event_id="r1", occurred_at=NOW)], NOW)
    events.append([_live(f"B{number}", {"email": "e1@x.de"}) for number in range(3)], NOW)
    loop.run_once(NOW + timedelta(minutes=5))


def state() -> dict[str, Any]:
    """Return everything that must be equal: orders, people, figures, imports, and that the lake holds no row twice."""
    from regulars import loop
    from regulars.events import api as events
    from regulars.profiles.models import Customer, Identity
    from regulars.sources import api as sources

    loop.run_once(NOW + timedelta(minutes=10))
    with events.reader(NOW) as moment:
        found: dict[str, Any] = {
            "orders": moment.rows("SELECT order_id, customer_id, day, gross, refunded FROM orders ORDER BY ALL"),
            "sums": moment.rows("SELECT * FROM customer_sum ORDER BY ALL"),
            "refunds": moment.rows("SELECT * FROM refund_days ORDER BY ALL"),
            "facts": {kind: _facts(moment, kind) for kind in ("order.placed", "order.refunded", "customer.identified")},
        }
    found["customers"] = list(Customer.objects.order_by("id").values())
    found["identities"] = list(Identity.objects.order_by("identifier").values_list())
    found["imports"] = sources.totals()
    found["torn"] = events.torn_tables()
    return found


def _facts(moment: Any, kind: str) -> list[Any]:
    table = kind.replace(".", "_")
    return list(moment.rows(f"SELECT count(*), count(DISTINCT seq) FROM {table}"))


def _live(order_id: str, people: dict[str, str]) -> Any:
    from regulars.events import api as events
    from regulars.events.kinds.orders import OrderPlaced

    fact = OrderPlaced(order_id=order_id, total=Decimal("15.00"), currency="EUR")
    return events.Told(fact=fact, source="shop", event_id=f"e-{order_id}", occurred_at=NOW, people=people)


SCENARIOS = {"import": Scenario(import_work, state), "tick": Scenario(tick_work, state)}
