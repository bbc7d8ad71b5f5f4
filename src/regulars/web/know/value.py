"""Value: how it is spread over the customers, what the year ahead should bring, and how the model did on the shop's past."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.core.formats import Formats
from regulars.core.reading import amount
from regulars.events import api as events
from regulars.predictions import api as predictions
from regulars.web.access.gate import page
from regulars.web.overview.views import trial
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Chart, Column, Series, Table
from regulars.web.shell.show import show


@page()
def value(request: HttpRequest) -> HttpResponseBase:
    """Show what customers are worth and how sure that is."""
    if not events.newest():
        return render(request, "web/nothing.html", {"title": _("Value")})
    write = formats(request)
    spread = lake.known_answer("spread", predictions.value_distribution)
    model = lake.known_answer("value-model", predictions.value_model)
    ahead = lake.known_answer("forecast", lambda known: predictions.forecast(predictions.fitted(known), known))
    charts = [_spread(spread, write), _ahead(ahead, write)]
    tested = trial(request, model)
    context = {
        "title": _title(spread, write),
        "cards": _cards(spread, model, write),
        "reasons": model["reasons"],
        "tested": tested,
    }
    return show(request, "web/know/value.html", context, [*charts, *([tested["drawn"]] if "drawn" in tested else [])])


def _title(spread: dict[str, Any], write: Formats) -> str:
    tenth = next((one["brought"] for one in spread["top"] if one["share"] == 0.1), None)
    if tenth is None:
        return _("Value")
    return _("The best tenth of the customers brings %(share)s of the revenue") % {"share": write.share(tenth, 0)}


def _cards(spread: dict[str, Any], model: dict[str, Any], write: Formats) -> list[Card]:
    middle = {one["share"]: one["net"] for one in spread["quantiles"]}
    cards = [
        Card(
            _("The middle customer"),
            write.money(middle.get(0.5)),
            _("half of the customers spent less so far"),
            _("The median of net value per customer with an order: orders less refunds, to date."),
        ),
        Card(
            _("One in ten spent more than"),
            write.money(middle.get(0.9)),
            definition=_("The 90% quantile of net value per customer."),
        ),
    ]
    orders, revenue = model.get("expected_orders"), model.get("expected_revenue")
    if orders:
        cards.append(
            Card(
                _("Orders in the next year"),
                write.count(orders["mean"]),
                write.between(write.count(orders["low"]), write.count(orders["high"])),
                _(
                    "Order days that today’s customers are expected to have in 365 days (BG/NBD), with a 95% interval widened by the back-test’s error. New customers are not in it."
                ),
            )
        )
    if revenue:
        cards.append(
            Card(
                _("Revenue in the next year"),
                write.about(revenue["mean"]),
                write.between(write.about(revenue["low"]), write.about(revenue["high"])),
                _("Expected orders times each customer’s expected order value (Gamma-Gamma), before refunds."),
            )
        )
    return cards


def _spread(spread: dict[str, Any], write: Formats) -> Chart:
    rows = [{**step, "step": _step(step, write)} for step in spread["steps"]]
    columns = (
        Column("step", _("Net value per customer")),
        Column("customers", _("Customers"), "count"),
        Column("net", _("Their net value"), "money"),
    )
    middle = next((one["net"] for one in spread["quantiles"] if one["share"] == 0.5), None)
    told = _("Half of the customers have spent %(amount)s or less so far")
    title = told % {"amount": write.money(round(amount(middle), 2))} if middle else _("How value is spread")
    table = Table("spread", title, columns, rows, _("No customer has an order yet."))
    definition = _("Customers with an order by their net value to date: orders less refunds. Guests are not in it.")
    return Chart("spread", title, definition, table, "step", (Series("customers", _("Customers")),), "bars")


def _step(step: dict[str, Any], write: Formats) -> str:
    low, high = step["from"], step["to"]
    if low is None:
        return _("below %(amount)s") % {"amount": write.about(amount(high))}
    if high is None:
        return _("%(amount)s or more") % {"amount": write.about(amount(low))}
    return f"{write.about(amount(low))} – {write.about(amount(high))}"


def _ahead(ahead: dict[str, Any], write: Formats) -> Chart:
    rows, has_revenue = ahead["months"], bool(ahead["months"]) and "revenue" in ahead["months"][0]
    key, unit = ("revenue", "money") if has_revenue else ("orders", "count")
    low, high = ("revenue_low", "revenue_high") if has_revenue else ("low", "high")
    columns = (
        Column("until", _("Until"), "day"), Column("orders", _("Orders so far"), "count"), Column("low", _("From"), "count"), Column("high", _("To"), "count"),
        *((Column("revenue", _("Revenue so far"), "money"), Column("revenue_low", _("From"), "money"), Column("revenue_high", _("To"), "money")) if has_revenue else ()),
    )  # fmt: skip
    title = (
        _("Today’s customers should bring %(amount)s by %(day)s")
        % {
            "amount": write.about(rows[-1][key]) if has_revenue else write.count(rows[-1][key]),
            "day": write.day(rows[-1]["until"]),
        }
        if rows
        else _("The year ahead cannot be foretold yet")
    )
    table = Table("ahead", title, columns, rows, "; ".join(ahead["reasons"]))
    definition = _(
        "What today’s customers are expected to order, added up from today: BG/NBD for orders, Gamma-Gamma for their value. The band is the year’s 95% interval, taken in proportion. New customers and seasons are not foretold."
    )
    return Chart("ahead", title, definition, table, "until", (Series(key, _("Foretold"), low, high),), "lines", unit)  # type: ignore[arg-type]
