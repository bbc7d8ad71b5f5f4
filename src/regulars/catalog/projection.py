"""The projection of products: product facts into operational rows, restartable anywhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from regulars.catalog.models import Category, Product
from regulars.core import bulk, sql
from regulars.events import api as events

MARK = "projection:catalog"
COLUMNS = ("shop", "reference", "name", "category_id", "price", "unit_cost", "currency", "replenish_days")


def run_once(now: datetime) -> int:
    """Apply what the log has told of products since the last run; return how many products changed."""
    done = events.mark(MARK)
    moment = events.after(("product.updated",), done)
    if moment is None:
        return 0
    with moment:
        rows = moment.rows(sql.load("regulars.catalog")["new_products"], seq=done)
        _write(rows)
        events.advance_mark(MARK, moment.seq)
    return len(rows)


def reset() -> None:
    """Forget every projected row, to be told again by the log."""
    Product.objects.all().delete()
    Category.objects.all().delete()
    events.set_mark(MARK, 0)


def _write(rows: Sequence[tuple[Any, ...]]) -> None:
    names = sorted({row[3] for row in rows if row[3]})
    bulk.insert(Category._meta.db_table, ("name",), ((name,) for name in names))
    shelves = dict(Category.objects.values_list("name", "id"))
    table = Product._meta.db_table
    told = ", ".join(
        f"{column} = coalesce(excluded.{column}, {table}.{column})" for column in COLUMNS[3:6] + COLUMNS[7:]
    )
    texts = ", ".join(
        f"{column} = CASE WHEN excluded.{column} = '' THEN {table}.{column} ELSE excluded.{column} END"
        for column in ("name", "currency")
    )
    ready = (
        (shop, product, name or "", shelves.get(category), _text(price), _text(cost), currency or "", days)
        for shop, product, name, category, price, cost, currency, days in rows
    )
    bulk.insert(table, COLUMNS, ready, f"ON CONFLICT (shop, reference) DO UPDATE SET {told}, {texts}")


def _text(amount: Any) -> str | None:
    """Write a Decimal as text: SQLite's driver takes no Decimal, and PostgreSQL reads the text as numeric."""
    return None if amount is None else str(amount)
