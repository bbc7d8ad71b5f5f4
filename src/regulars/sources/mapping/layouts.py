"""The layouts that are recognised by their columns: each is a mapping, found by names that only it has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regulars.sources.files.options import Unsaid
from regulars.sources.mapping.fields import TARGETS
from regulars.sources.mapping.model import Condition, Mapping, Source


@dataclass(frozen=True)
class Layout:
    """A known export: the columns that give it away, and its mapping."""

    signs: tuple[str, ...]
    target: str
    mapping: Mapping


def _columns(**named: str) -> dict[str, Source]:
    return {name: Source((column,)) for name, column in named.items()}


SHOPIFY_ORDERS = Mapping(
    name="Shopify orders export",
    grain="line",
    columns=_columns(
        order_id="Name", email="Email", phone="Phone", ordered_at="Created at", total="Total", currency="Currency",
        refunded="Refunded Amount", cancelled_at="Cancelled at", quantity="Lineitem quantity",
        unit_price="Lineitem price", product="Lineitem sku", product_name="Lineitem name", discount="Discount Amount",
        discount_code="Discount Code", shipping="Shipping", tax="Taxes", country="Shipping Country", channel="Source",
    ),
    rows={
        "cancelled": (
            Condition("Cancelled at", "not_empty"),
            Condition("Financial Status", "in", ("voided", "expired")),
        ),
        "gift_card": (Condition("Lineitem name", "matches", (r"(?i)\bgift card\b",)),),
    },
    notes=("Shopify's export has a refunded amount but no refund date: refunds are dated on the order's day.",),
)  # fmt: skip

WOOCOMMERCE_ORDERS = Mapping(
    name="WooCommerce orders export",
    grain="order",
    columns={
        **_columns(email="billing_email", total="order_total", currency="order_currency"),
        "order_id": Source(("order_number",)),
        "ordered_at": Source(("order_date",)),
        "customer_ref": Source(("customer_id",), empty=("0",)),  # 0 is a guest
    },
    rows={
        "cancelled": (Condition("status", "in", ("cancelled", "failed", "wc-cancelled", "wc-failed", "trash")),),
        "skip": (Condition("status", "in", ("pending", "wc-pending", "checkout-draft", "draft")),),
    },
)

INVOICE_LINES = Mapping(
    name="invoice lines",
    grain="line",
    columns=_columns(
        order_id="Invoice", product="StockCode", product_name="Description", quantity="Quantity",
        ordered_at="InvoiceDate", unit_price="Price", customer_ref="Customer ID", country="Country",
    ),
    rows={"refund": (Condition("Invoice", "starts_with", ("C",)), Condition("Quantity", "less_than", ("0",)))},
)  # fmt: skip

CUSTOMER_DAYS = Mapping(
    name="customer days",
    grain="moment",
    columns=_columns(customer_ref="customer_id", ordered_at="date", quantity="number_of_cds", amount="dollar_value"),
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(("name", "financial status", "lineitem quantity", "lineitem price", "created at"), "orders", SHOPIFY_ORDERS),
    Layout(("order_total", "billing_email", "status"), "orders", WOOCOMMERCE_ORDERS),
    Layout(("invoice", "stockcode", "quantity", "price"), "orders", INVOICE_LINES),
    Layout(("invoiceno", "stockcode", "quantity", "unitprice"), "orders", INVOICE_LINES),
    Layout(("customer_id", "date", "dollar_value"), "orders", CUSTOMER_DAYS),
)

RENAMED = {
    "order_number": ("order_number", "order_id", "id"),
    "order_date": ("order_date", "date_created", "date_created_gmt", "date"),
    "Invoice": ("Invoice", "InvoiceNo"),
    "Price": ("Price", "UnitPrice"),
    "Customer ID": ("Customer ID", "CustomerID"),
    "customer_id": ("customer_id", "customer_user", "user_id"),
}


def recognised(target: str, header: Sequence[str]) -> Mapping:
    """Return the mapping of a header: a known layout, else the generic one by the names of its columns."""
    known = {name.strip().lower() for name in header}
    for layout in LAYOUTS:
        if layout.target == target and all(sign in known for sign in layout.signs):
            return _fitted(layout.mapping, header)
    return _generic(target, header)


def _fitted(mapping: Mapping, header: Sequence[str]) -> Mapping:
    """Return a layout's mapping over the columns that this file has, by the name that it uses."""
    present = {name.strip().lower(): name for name in header}

    def column(name: str | int) -> str | None:
        candidates = RENAMED.get(str(name), (str(name),))
        return next((present[item.lower()] for item in candidates if item.lower() in present), None)

    columns = {
        field: replace(source, columns=(name,))
        for field, source in mapping.columns.items()
        if (name := column(source.columns[0])) is not None
    }
    rows = {
        kind: tuple(
            Condition(name, condition.test, condition.values)
            for condition in conditions
            if (name := column(condition.column)) is not None
        )
        for kind, conditions in mapping.rows.items()
    }
    extra = by_name("orders", header) if mapping is WOOCOMMERCE_ORDERS else {}
    return Mapping(mapping.name, mapping.grain, {**extra, **columns}, rows, (), mapping.hints, mapping.notes)


def _generic(target: str, header: Sequence[str]) -> Mapping:
    columns = by_name(target, header)
    missing = [name for name, field in TARGETS[target].items() if field.required and name not in columns]
    if target == "orders" and not ({"total", "amount", "unit_price"} & set(columns)):
        missing.append("total")
    if target == "orders" and not ({"order_id", "customer_ref", "email", "phone"} & set(columns)):
        missing.append("order_id")
    if target == "customers" and not ({"customer_ref", "email", "phone"} & set(columns)):
        missing.append("customer_ref")
    if missing:
        seen = ", ".join(header[:12]) + (", …" if len(header) > 12 else "")
        shown = ", ".join("customer_id or email" if name == "customer_ref" else name for name in missing)
        raise Unsaid(
            f"no column for {shown} was recognised among: {seen}. "
            "Rename the columns, or say what they are in a mapping file (--map, see docs/import.md)",
            missing,
        )
    return Mapping("generic", _grain(target, set(columns)), columns, _generic_rows(target, header))


def _generic_rows(target: str, header: Sequence[str]) -> dict[str, tuple[Condition, ...]]:
    """Return the conditions that a generic orders file may carry in a status or a test column."""
    present = {name.strip().lower(): name for name in header}
    rows: dict[str, tuple[Condition, ...]] = {}
    if target == "orders":
        for name in ("status", "order_status", "order status"):
            if name in present:
                rows["cancelled"] = (
                    Condition(present[name], "in", ("cancelled", "canceled", "void", "voided", "failed")),
                )
        for name in ("is_test", "test"):
            if name in present:
                rows["test"] = (Condition(present[name], "in", ("1", "true", "yes", "test")),)
    return rows


def _grain(target: str, columns: set[str]) -> str:
    if target != "orders":
        return "order"
    if "order_id" not in columns:
        return "moment"
    return "line" if columns & {"unit_price", "amount"} or ("total" not in columns) else "order"


def by_name(target: str, header: Sequence[str]) -> dict[str, Source]:
    """Return the columns that go by a field's own name or one of its aliases; order_id, Order ID and order-id are one."""
    present: dict[str, str] = {}
    for name in header:
        present.setdefault(_plain(name), name)
    found: dict[str, Source] = {}
    taken: set[str] = set()
    for field, spec in TARGETS[target].items():
        for alias in (field, *spec.aliases):
            known = present.get(_plain(alias))
            if known is not None and known not in taken:
                found[field] = Source((known,))
                taken.add(known)
                break
    return found


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())
