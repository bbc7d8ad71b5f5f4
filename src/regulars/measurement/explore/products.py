"""The products that first orders contained: did their buyers come back, and did they buy the same again."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from regulars.measurement.explore.look import FEW, Look
from regulars.measurement.report.returning import rated
from regulars.measurement.rules.intervals import Returning, Watched, wilson, z_of_many
from regulars.measurement.words.explored import PRODUCTS

DAYS = (56, 90, 365)
Sort = Literal["customers", "revenue", "buyers", "rate_56", "rate_90", "rate_365", "again"]


@dataclass(frozen=True)
class FirstProducts:
    """Which rows: in which order, from where on, how many, and a text that number or name contain.

    By a rate, products with fewer than 30 customers to judge come last.
    """

    sort: Sort = "customers"
    descending: bool = True
    limit: int = 50
    offset: int = 0
    search: str = ""


@dataclass(frozen=True)
class _Product:
    """A product's counts: (eligible, came) for each of DAYS, and for buying the same again."""

    product: str
    name: str | None
    customers: int
    windows: tuple[tuple[int, int], ...]
    buyers: int
    again: tuple[int, int]
    revenue: Decimal | None

    def matches(self, search: str) -> bool:
        """Say whether number or name contain a text."""
        return search.casefold() in f"{self.product}\n{self.name or ''}".casefold()


def first_products(look: Look, asked: FirstProducts) -> dict[str, Any]:
    """Return the products with their rates beside the shop's, sorted and cut."""
    every = [] if look.day is None else _read(look)
    found = [one for one in every if one.matches(asked.search)]
    found.sort(key=lambda one: one.product)
    found.sort(key=_key(asked), reverse=asked.descending)
    found.sort(key=lambda one: _judged(asked, one) < FEW)
    shown = found[asked.offset : asked.offset + asked.limit]
    shop, looked_at = _shop(look), _looked_at(every)
    curves = _gaps(look, [one.product for one in shown])
    return {
        "as_of": look.as_of,
        "sort": asked.sort,
        "descending": asked.descending,
        "offset": asked.offset,
        "limit": asked.limit,
        "total": len(found),
        "definitions": dict(PRODUCTS),
        "shop": shop,
        "rows": [_row(one, shop, looked_at, curves.get(one.product, Returning([]))) for one in shown],
    }


def _read(look: Look) -> list[_Product]:
    bought = {row[0]: row[1:] for row in look.ask("products_again")}
    found = []
    for product, name, customers, *windows in look.ask("first_products"):
        buyers, *again, revenue = bought[product]
        known = revenue or Decimal(0) if look.is_newest else None
        found.append(_Product(product, name, customers, _pairs(windows), buyers, _pairs(again)[0], known))
    return found


def _shop(look: Look) -> dict[str, Any]:
    customers, *windows = look.sums("shop_again", 0)[0] if look.day else (0,) * 7
    rates = {str(days): rated("eligible", *pair) for days, pair in zip(DAYS, _pairs(windows), strict=True)}
    return {"customers": customers, "windows": rates}


def _pairs(counts: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple(zip(counts[::2], counts[1::2], strict=True))


def _judged(asked: FirstProducts, one: _Product) -> int:
    """Return how many a rate that is sorted by rests on; enough for any other order."""
    return _counts(asked, one)[0] if asked.sort.startswith(("rate", "again")) else FEW


def _counts(asked: FirstProducts, one: _Product) -> tuple[int, int]:
    return one.again if asked.sort == "again" else one.windows[DAYS.index(int(asked.sort.removeprefix("rate_")))]


def _key(asked: FirstProducts) -> Callable[[_Product], Any]:
    if asked.sort.startswith(("rate", "again")):
        return lambda one: _counts(asked, one)[1] / max(_counts(asked, one)[0], 1)
    if asked.sort == "revenue":
        return lambda one: one.revenue or Decimal(0)
    return lambda one: one.buyers if asked.sort == "buyers" else one.customers


def _gaps(look: Look, products: list[str]) -> dict[str, Returning]:
    rows = look.ask("product_gaps", products=products) if products else []
    return {
        product: Returning([Watched(*map(int, row[1:])) for row in mine])
        for product, mine in groupby(rows, key=lambda row: str(row[0]))
    }


def _looked_at(every: list[_Product]) -> dict[int, int]:
    """Return for each of DAYS how many products have enough customers to be judged: so many are looked at."""
    return {days: sum(one.windows[place][0] >= FEW for one in every) for place, days in enumerate(DAYS)}


def _row(one: _Product, shop: dict[str, Any], looked_at: dict[int, int], curve: Returning) -> dict[str, Any]:
    return {
        "product": one.product,
        "name": one.name,
        "customers": one.customers,
        "windows": {
            str(days): _beside(rated("eligible", *pair), shop["windows"][str(days)]["rate"], looked_at[days])
            for days, pair in zip(DAYS, one.windows, strict=True)
        },
        "buyers": one.buyers,
        "again": {**rated("eligible", *one.again), "few": one.again[0] < FEW},
        "quarter_days": curve.day_of(0.25),
        "median_days": curve.day_of(0.5),
        "revenue": None if one.revenue is None else f"{one.revenue:.4f}",
    }


def _beside(row: dict[str, Any], average: float | None, looked_at: int) -> dict[str, Any]:
    """Return a rate with what can be said of it beside the shop's average, when so many products are looked at."""
    is_few = row["eligible"] < FEW
    verdict, span = "cannot_tell", wilson(row["retained"], row["eligible"], z_of_many(looked_at))
    if is_few or average is None or span is None:
        verdict = "too_few"
    elif span[0] > average:
        verdict = "above"
    elif span[1] < average:
        verdict = "below"
    return {**row, "few": is_few, "verdict": verdict}
