"""A small shop of random people, and a plain Python reading of rules over it: what the compiled SQL has to agree with."""

import calendar
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from regulars import loop
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.events.kinds.consents import ConsentGiven, ConsentRequested, ConsentWithdrawn
from regulars.events.kinds.custom import CustomTracked
from regulars.events.kinds.customers import CustomerDescribed, CustomerUpdated
from regulars.events.kinds.messages import MessageClicked
from regulars.events.kinds.orders import Line, OrderCancelled, OrderPlaced, OrderRefunded

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
COUNTRIES, CITIES, TAGS = ("DE", "AT", "fr", None), ("Köln", "Wien", None), ("VIP", "tea", "b2b")
PRODUCTS, CATEGORIES, CODES = ("P1", "P2", "P3"), ("Tea", "Coffee"), ("HELLO", "SPRING", None)
OWN: dict[str, list[str | None]] = {
    "birthday": ["1990-06-02", "1984-02-29", "2001-06-01", "1977-12-31", "02/06/1990", "2001-02-29", None],
    "colour": ["Red", "green", "grün ", "", None],
    "visits": ["3", "10", "-2.5", "many", None],
    "renews": ["2024-06-05", "2024-05-30", "2023-06-01", "soon", " 2024-06-01 "],
}
PAGES, TOPICS = ("/tea", "/about"), ("", "news")

TEXTS_TOO = ("is", "is_not", "one_of", "none_of", "contains", "starts_with", "ends_with", "known")
DAYS_ONLY = ("on", "before", "after", "within_days", "at_least_days_ago", "in_next_days", "anniversary_in_days")


def settle(seed: int, people: int = 60) -> None:
    """Tell the log what random people did in a year and a half."""
    events.append(facts_of(seed, people), NOW)
    loop.run_once(NOW)


def facts_of(seed: int, people: int = 60) -> list[events.Told]:
    """Return what random people did in a year and a half, as it is told."""
    rng = random.Random(seed)
    return [told for n in range(people) for told in _person(rng, n)]


def _person(rng: random.Random, n: int) -> list[events.Told]:
    told = []
    if rng.random() < 0.8:
        told.append(_told(rng, n, _profile(rng, n)))
    own = random.Random(f"{n} of {rng.random()}")
    told += [_told(own, n, _attribute(own, f"{n}-{turn}")) for turn in range(own.randint(0, 6))]
    for _ in range(rng.choice([0, 1, 1, 2, 3, 6])):
        told += _order(rng, n, len(told))
    for _ in range(rng.randint(0, 3)):
        told.append(_told(rng, n, _visit(rng)))
    for turn in range(rng.randint(0, 2)):
        told.append(_told(rng, n, _statement(rng)))
        told.append(_told(rng, n, _click(rng, f"{n}-{turn}")))
    return told


def _told(rng: random.Random, n: int, fact: events.Fact) -> events.Told:
    at = NOW - timedelta(days=rng.choice([0, 1, 7, 29, 30, 31, 60, rng.randint(0, 500)]), hours=rng.randint(0, 11))
    return events.Told(fact=fact, source="world", occurred_at=at, people={"id": f"c{n}"})


def _profile(rng: random.Random, n: int) -> events.Fact:
    tags = ", ".join(rng.sample(TAGS, rng.randint(0, 2))) or None
    return CustomerUpdated(
        version=str(n), first_name=rng.choice(["Ann", "Bo", "Ärni", None]), country=rng.choice(COUNTRIES),
        city=rng.choice(CITIES), accepts_email=rng.choice([True, False, None]), tags=tags,
    )  # fmt: skip


def _attribute(rng: random.Random, version: str) -> events.Fact:
    """Tell an attribute of the shop's own: days, numbers, texts, and now and then what is none of them, or takes it back."""
    name = rng.choice(list(OWN))
    written = rng.choice([name, name.upper(), f" {name} "])
    return CustomerDescribed(version=version, name=written, value=rng.choice(OWN[name]))


def _order(rng: random.Random, n: int, place: int) -> list[events.Told]:
    number = f"O{n}-{place}"
    lines = tuple(
        Line(
            product=rng.choice(PRODUCTS), name="x", category=rng.choice(CATEGORIES),
            quantity=Decimal(rng.randint(1, 3)), amount=Decimal(rng.randint(1, 40)),
        )
        for _ in range(rng.randint(0, 3))
    )  # fmt: skip
    order = OrderPlaced(
        order_id=number, total=Decimal(rng.randint(1, 90)), currency="EUR", country=rng.choice(COUNTRIES),
        channel=rng.choice(["web", "shop", None]), discount_code=rng.choice(CODES), lines=lines,
    )  # fmt: skip
    told = [_told(rng, n, order)]
    if rng.random() < 0.15:
        refund = OrderRefunded(
            order_id=number, refund_id=f"R{number}", amount=Decimal(rng.randint(1, 9)), currency="EUR"
        )
        told.append(_told(rng, n, refund))
    if rng.random() < 0.1:
        told.append(_told(rng, n, OrderCancelled(order_id=number)))
    return told


def _visit(rng: random.Random) -> events.Fact:
    on = (TODAY + timedelta(days=rng.randint(-40, 40))).isoformat()
    page: dict[str, Any] = {"page": rng.choice(PAGES), "seconds": rng.randint(0, 100), "renews": on}
    return CustomTracked(name=rng.choice(["visit", "search"]), properties=json.dumps(page))


def _statement(rng: random.Random) -> events.Fact:
    about: dict[str, Any] = {"channel": rng.choice(["email", "sms"]), "topic": rng.choice(TOPICS), "method": "form"}
    kind = rng.choice(["given", "given", "asked", "withdrawn"])
    if kind == "given":
        ends = rng.choice([None, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=20)])
        return ConsentGiven(expires_on=ends, **about)
    return ConsentRequested(**about) if kind == "asked" else ConsentWithdrawn(**about)


def _click(rng: random.Random, name: str) -> events.Fact:
    return MessageClicked(
        message_key=name, channel="email", is_marketing=True, provider_event=name,
        campaign=rng.choice(["spring", None]), is_machine=rng.random() < 0.3,
    )  # fmt: skip


@dataclass(repr=False)
class World:
    """What the lake knows of everybody, as plain rows; happened has the rows of each source by customer."""

    customers: dict[int, dict[str, Any]]
    happened: dict[str, dict[int, list[dict[str, Any]]]]
    statements: dict[int, list[dict[str, Any]]]


def told_by(moment: Moment) -> World:
    """Read a world out of the lake, without any of the segments' own SQL."""
    customers = {row["customer_id"]: row for row in moment.dicts("SELECT * FROM customers")}
    for row in moment.dicts(
        "SELECT customer_id, second_day, product, category, channel, discount_code FROM first_orders"
    ):
        customers[row.pop("customer_id")]["first"] = row
    for row in moment.dicts("SELECT * FROM customer_described ORDER BY seq"):
        customers[row["customer_id"]].setdefault("own", {})[row["name"].strip().lower()] = (row["value"] or "").strip()
    orders = moment.dicts("SELECT *, ordered_at AS at, gross AS total FROM orders WHERE customer_id > 0")
    lines = [
        {**line, "customer_id": order["customer_id"], "at": order["at"], "day": order["day"],
         "country": order["country"], "channel": order["channel"]}
        for order in orders for line in order["lines"] or []
    ]  # fmt: skip
    happened = {"order": _by_customer(orders), "line": _by_customer(lines)}
    facts = "SELECT *, occurred_at AS at, CAST(occurred_at AS DATE) AS day FROM"
    happened["message.clicked"] = _by_customer(moment.dicts(f"{facts} message_clicked"))
    for name in ("visit", "search"):
        rows = moment.dicts(f"{facts} custom_tracked WHERE name = $name", name=name)
        happened[f"custom:{name}"] = _by_customer(rows)
    happened["refund"] = _by_customer(moment.dicts(f"{facts} order_refunded"))
    happened["cancellation"] = _by_customer(moment.dicts(f"{facts} order_cancelled"))
    statements = [
        {**row, "state": state}
        for table, state in (("consent_given", "given"), ("consent_requested", "asked"), ("consent_withdrawn", "withdrawn"))
        for row in moment.dicts(f"SELECT *, occurred_at AS at FROM {table}")
    ]  # fmt: skip
    return World(customers, happened, _by_customer(statements))


def _by_customer(rows: Sequence[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["customer_id"], []).append(row)
    return found


def members(world: World, rule: dict[str, Any], today: date = TODAY) -> list[int]:
    """Return who belongs, in plain Python, straight from the document."""
    return sorted(number for number in world.customers if _holds(world, rule, number, today))


def _holds(world: World, rule: dict[str, Any], number: int, today: date) -> bool:
    if "all" in rule:
        return all(_holds(world, one, number, today) for one in rule["all"])
    if "any" in rule:
        return any(_holds(world, one, number, today) for one in rule["any"])
    if "not" in rule:
        return not _holds(world, rule["not"], number, today)
    if "field" in rule:
        op = next(name for name in rule if name != "field")
        if rule["field"] == "birthday" or rule["field"].startswith("attribute:"):
            return compare(_own(world.customers[number], rule["field"], op, rule[op]), op, rule[op], today)
        return compare(_about(world.customers[number], rule["field"]), op, rule[op], today)
    if "consent" in rule:
        return _state(world.statements.get(number, []), rule, today) == rule["is"]
    if "did_not" in rule:
        return not _did(world, {"did": rule["did_not"], **rule}, number, today)
    return _did(world, rule, number, today)


def _about(customer: dict[str, Any], name: str) -> Any:
    renamed = {"order_days": "days", "first_order": "first_day", "last_order": "last_day"}
    if name == "tags":
        return [tag.strip().lower() for tag in customer["tags"].split(",") if tag.strip()]
    if name == "average_order":
        return float(customer["gross"]) / customer["orders"] if customer["orders"] else None
    if name in ("second_order", "first_product", "first_category", "first_channel", "first_discount_code"):
        part = {"second_order": "second_day"}.get(name, name.removeprefix("first_"))
        return customer.get("first", {}).get(part)
    return customer[renamed.get(name, name)]


def _own(customer: dict[str, Any], field: str, op: str, wanted: Any) -> Any:
    """Return an attribute of the shop's own, read as what the comparison is of."""
    told = customer.get("own", {}).get(field.removeprefix("attribute:").strip().lower()) or None
    is_day = field == "birthday" or op in DAYS_ONLY or (op == "between" and str(wanted[0]).count("-") == 2)
    if told is None or (not is_day and op in TEXTS_TOO):
        return told
    try:
        return date.fromisoformat(told) if is_day else Decimal(told)
    except (ValueError, ArithmeticError):
        return None


def _state(said: list[dict[str, Any]], rule: dict[str, Any], today: date) -> str:
    about = [one for one in said if one["channel"] == rule["consent"] and one["topic"] in ("", rule.get("topic", ""))]
    if not about:
        return "never"
    last = max(about, key=lambda one: (one["at"], one["seq"]))
    is_over = last["state"] == "given" and last["expires_on"] is not None and last["expires_on"] < today
    return "expired" if is_over else last["state"]


def _did(world: World, rule: dict[str, Any], number: int, today: date) -> bool:
    rows = _fitting(world, rule, number, today)
    if "then" in rule:
        after = sorted(row["at"] for row in _fitting(world, rule["then"] | {"within_days": None}, number, today))
        limit = timedelta(days=rule["then"]["within_days"])
        followed = []
        for row in rows:
            nxt = next((at for at in after if at > row["at"]), None)
            if nxt is not None and nxt <= row["at"] + limit:
                followed.append(row)
        rows = followed
    how = next((name for name in ("times", "sum", "different", "first", "last") if name in rule), "times")
    asked = dict(rule.get(how, {"at_least": 1}))
    of = asked.pop("of", None)
    op = next(iter(asked))
    if how in ("first", "last"):
        if not rows:
            return False
        days = [row["day"] for row in rows]
        return compare(min(days) if how == "first" else max(days), op, asked[op], today)
    values = [row[of] for row in rows if of and row[of] is not None]
    value = {"times": len(rows), "sum": sum(values, Decimal(0)) if how == "sum" else 0, "different": len(set(values))}[
        how
    ]
    return compare(value, op, asked[op], today)


def _fitting(world: World, rule: dict[str, Any], number: int, today: date) -> list[dict[str, Any]]:
    rows = world.happened[rule["did"]].get(number, [])
    return [row for row in rows if _fits(world, rule, row, number, today)]


def _fits(world: World, rule: dict[str, Any], row: dict[str, Any], number: int, today: date) -> bool:
    for one in rule.get("where", []):
        op = next(name for name in one if name not in ("field", "property"))
        value = _property(row, one["property"], op) if "property" in one else row[one["field"]]
        if not compare(value, op, one[op], today):
            return False
    days, day = rule.get("within_days"), row["day"]
    if rule.get("after"):
        begin = _about(world.customers[number], rule["after"])
        return begin is not None and begin <= day < begin + timedelta(days=days)
    if days is not None and not today - timedelta(days=days) < day <= today:
        return False
    since, until = rule.get("since"), rule.get("until")
    return (since is None or day >= date.fromisoformat(since)) and (until is None or day <= date.fromisoformat(until))


def _property(row: dict[str, Any], name: str, op: str) -> Any:
    value = json.loads(row["properties"]).get(name)
    if value is None or op in ("is", "is_not", "one_of", "none_of", "contains", "starts_with", "ends_with", "known"):
        return None if value is None else str(value)
    try:
        return (
            float(value) if op in ("at_least", "at_most", "more_than", "less_than") else date.fromisoformat(str(value))
        )
    except ValueError:
        return None


def compare(value: Any, op: str, wanted: Any, today: date) -> bool:
    """Compare as the language says; what is not known holds for nothing but known: false and what denies."""
    if op in ("is_not", "none_of", "lacks"):
        return not compare(value, {"is_not": "is", "none_of": "one_of", "lacks": "has"}[op], wanted, today)
    is_known = value is not None and value not in ("", [])
    if op == "known":
        return is_known is wanted
    return is_known and bool(_COMPARED[op](value, wanted, today))


def _number(wanted: Any, value: Any) -> Any:
    return float(wanted) if isinstance(value, float) else Decimal(str(wanted))


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(value, str):
        return value.lower() == str(wanted).lower()
    return value is wanted if isinstance(value, bool) else value == _number(wanted, value)


def _anniversary(day: date, today: date) -> date:
    def in_year(year: int) -> date:
        return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))

    this = in_year(today.year)
    return this if this >= today else in_year(today.year + 1)


_COMPARED: dict[str, Any] = {
    "is": lambda value, wanted, today: _is(value, wanted),
    "one_of": lambda value, wanted, today: value.lower() in [one.lower() for one in wanted],
    "contains": lambda value, wanted, today: wanted.lower() in value.lower(),
    "starts_with": lambda value, wanted, today: value.lower().startswith(wanted.lower()),
    "ends_with": lambda value, wanted, today: value.lower().endswith(wanted.lower()),
    "has": lambda value, wanted, today: wanted.strip().lower() in value,
    "at_least": lambda value, wanted, today: value >= _number(wanted, value),
    "at_most": lambda value, wanted, today: value <= _number(wanted, value),
    "more_than": lambda value, wanted, today: value > _number(wanted, value),
    "less_than": lambda value, wanted, today: value < _number(wanted, value),
    "between": lambda value, wanted, today: (
        date.fromisoformat(wanted[0]) <= value <= date.fromisoformat(wanted[1])
        if isinstance(value, date)
        else _number(wanted[0], value) <= value <= _number(wanted[1], value)
    ),
    "on": lambda value, wanted, today: value == date.fromisoformat(wanted),
    "before": lambda value, wanted, today: value < date.fromisoformat(wanted),
    "after": lambda value, wanted, today: value > date.fromisoformat(wanted),
    "within_days": lambda value, wanted, today: today - timedelta(days=wanted) < value <= today,
    "at_least_days_ago": lambda value, wanted, today: value <= today - timedelta(days=wanted),
    "in_next_days": lambda value, wanted, today: today <= value < today + timedelta(days=wanted),
    "anniversary_in_days": lambda value, wanted, today: _anniversary(value, today) < today + timedelta(days=wanted),
}
