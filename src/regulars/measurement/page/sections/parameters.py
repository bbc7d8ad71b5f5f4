"""The parameters of the value model as tables, for those who want to check them."""

from collections.abc import Mapping

from regulars.core.reading import Report, amount, block, number, text
from regulars.measurement.page.model import Given, Table


def tables(given: Given, model: Report) -> tuple[Table, ...]:
    """Return the tables of a fitted model: its purchase process and its order values."""
    name = f"Model {text(model.get('model')) or 'BG/NBD'}"
    unit = text(model.get("unit")) or "week"
    found = (
        _process(given, model, name, f"Time is counted in {unit}s."),
        _spending(given, block(model, "gamma_gamma")),
    )
    return tuple(table for table in found if table.rows)


def _process(given: Given, model: Report, name: str, note: str) -> Table:
    intervals = block(model, "intervals")
    written = [
        (text(key), given.write.decimal(value, 4), _bounds(given, intervals.get(key)))
        for key, value in block(model, "parameters").items()
    ]
    if number(model.get("log_likelihood")) is not None:
        written.append(("log-likelihood", given.write.decimal(model["log_likelihood"], 3), ""))
    columns = ("Parameter", "Estimate", "95% interval")
    if not any(bounds for _, _, bounds in written):
        return Table(name, columns[:2], tuple(row[:2] for row in written), note=note)
    return Table(name, columns, tuple(written), note=note)


def _bounds(given: Given, found: object) -> str:
    if isinstance(found, Mapping):
        found = [found.get("low"), found.get("high")]
    if not isinstance(found, list | tuple) or len(found) != 2:
        return ""
    return given.write.between(given.write.decimal(found[0], 4), given.write.decimal(found[1], 4))


def _spending(given: Given, spending: Report) -> Table:
    names = {
        "p": "p",
        "q": "q",
        "v": "v",
        "log_likelihood": "log-likelihood",
        "correlation": "correlation of orders and value",
    }
    written = [
        (name, given.write.decimal(spending[key], 4))
        for key, name in names.items()
        if number(spending.get(key)) is not None
    ]
    if number(spending.get("population_mean")) is not None:
        written.append(("mean value of an order", given.write.money(round(amount(spending["population_mean"]), 2))))
    warning = "Order value rises or falls with the number of orders: read the revenue with care."
    return Table(
        "Model Gamma-Gamma",
        ("Parameter", "Estimate"),
        tuple(written),
        note=warning if spending.get("independent") is False else "",
    )
