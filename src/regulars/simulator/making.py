"""Making a shop from its plan and writing it down."""

from pathlib import Path

from regulars.simulator import truth
from regulars.simulator.baskets import baskets
from regulars.simulator.files import columns, tables
from regulars.simulator.files.columns import Stamps
from regulars.simulator.parcels import happenings
from regulars.simulator.people import persons, traits
from regulars.simulator.plan import ZONE, Files, Plan, files_in
from regulars.simulator.seasons import Clock
from regulars.simulator.visits import visits


def write(plan: Plan, folder: Path) -> Files:
    """Write the files of a shop into a folder, which is made; the same plan always gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files, clock = files_in(folder), Clock(plan)
    found = traits(plan, clock)
    every, lives = visits(plan, clock, found)
    seen = every.until(plan.days)
    orders, lines = baskets(plan, clock, found, seen)
    told = happenings(plan, clock, found, seen.some(orders.visit))
    told = told.some(told.day < plan.days)
    people = persons(plan, found)
    baskets_seen = seen.some(orders.visit)
    scene = tables.Scene(
        plan, clock, Stamps(clock.dates, ZONE), found, people, baskets_seen, orders.as_known(plan.days)
    )
    columns.write(files.products, tables.product_columns())
    columns.write(files.customers, tables.customer_columns(scene))
    columns.write(files.orders, tables.order_columns(scene, lines))
    columns.write(files.costs, tables.cost_columns(scene))
    columns.write(files.events, tables.event_columns(scene, told))
    true = truth.truth_of(plan, clock, found, lives)
    columns.write(files.truth_customers, tables.truth_columns(scene, lives, true))
    truth.write_json(files.truth, truth.described(plan, true, lives, seen, clock))
    return files
