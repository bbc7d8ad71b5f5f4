"""One customer: who it is, what happened, what was ordered, and what is expected, with reasons."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from regulars.core.formats import Formats
from regulars.events import api as events
from regulars.journeys import api as journeys
from regulars.messaging import api as messaging
from regulars.predictions import api as predictions
from regulars.profiles import api as profiles
from regulars.segments import api as segments
from regulars.web.access.gate import page
from regulars.web.act import naming as acting
from regulars.web.act.consents import panel
from regulars.web.decide.journeys import one as one_journey
from regulars.web.know import naming
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.show import show

PER_PAGE = 100
WRITTEN = 20  # messages
TROUBLE = ("complaint", "refund", "cancel", "late", "unsubscribe", "bounce", "fail")


@page()
def customer(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show one person on one page."""
    standing = profiles.standing(number)
    if standing is None:
        raise Http404
    if standing != number:
        return redirect("customer", standing)
    asked = request.GET.get("page", "1")
    skip = (max(int(asked), 1) - 1) * PER_PAGE if asked.isdigit() and len(asked) < 6 else 0
    write = formats(request)
    found = lake.of_people("customer", (number, skip), lambda known: _found(known, number, skip))
    about, facts, outlook = found["about"], found["facts"], found["outlook"]
    context = {
        "title": _name(about, number), "about": about, "identities": [naming.identifier(one) for one in found["identities"]], "zone": events.timezone(), "cards": _cards(about, write),
        "outlook": outlook, "reasons": _reasons(outlook, write) if outlook else [], "timeline": [_told(fact, write) for fact in facts[:PER_PAGE]],
        "consents": panel.stands(number, write), "browsers": panel.browsers([number, *found["merged"]], write), "number": number,
        "belongs": segments.segments_of(number), "stories": [_story(one) for one in journeys.explain(number)],
        "written": acting.written(messaging.of_customer([number, *found["merged"]], WRITTEN)),
        "older": skip // PER_PAGE + 2 if len(facts) > PER_PAGE else None, "newer": skip // PER_PAGE or None,
    }  # fmt: skip
    return show(request, "web/know/customer.html", context, [_orders(found["orders"])])


def _found(known: predictions.Known, number: int, skip: int) -> dict[str, Any]:
    moment = known.moment
    rows = moment.dicts("SELECT * FROM customers WHERE customer_id = $one", one=number)
    return {
        "about": rows[0] if rows else {},
        "facts": events.history(moment, number, PER_PAGE + 1, skip),
        "orders": events.orders_of(moment, number, 200),
        "identities": profiles.identities(moment, number),
        "outlook": predictions.outlook(predictions.fitted(known), known, number),
        "merged": [row[0] for row in moment.rows("SELECT merged_id FROM merged WHERE customer_id = $one", one=number)],
    }


def _story(told: journeys.Story) -> dict[str, Any]:
    """Return a run through a journey with its instants as the shop's clock shows them."""
    steps = [(one_journey.local(step.at), step.said) for step in told.steps]
    return {**vars(told), "steps": steps, "due": told.due and one_journey.local(told.due)}


def _name(about: dict[str, Any], number: int) -> str:
    name = f"{about.get('first_name', '')} {about.get('last_name', '')}".strip()
    return name or about.get("email") or about.get("reference") or naming.unnamed(number)


def _cards(about: dict[str, Any], write: Formats) -> list[Card]:
    if not about.get("orders"):
        return []
    return [
        Card(
            _("Net value so far"),
            write.money(about["net"]),
            _("%(gross)s less %(refunded)s refunds")
            % {"gross": write.money(about["gross"]), "refunded": write.money(about["refunded"])},
        ),
        Card(_("Orders"), write.count(about["orders"]), _("on %(days)s days") % {"days": write.count(about["days"])}),
        Card(_("First order"), write.day(about["first_day"])),
        Card(_("Last order"), write.day(about["last_day"])),
    ]


def _orders(rows: Sequence[dict[str, Any]]) -> Table:
    columns = (
        Column("order_id", _("Order")), Column("day", _("Day"), "day"), Column("gross", _("Amount"), "money"), Column("refunded", _("Refunded"), "money"),
        Column("channel", _("Channel")), Column("discount_code", _("Code")), Column("country", _("Country")),
    )  # fmt: skip
    return Table("orders", _("Orders that stand"), columns, rows, _("No order that stands."), is_personal=True)


def _reasons(outlook: dict[str, Any], write: Formats) -> list[str]:
    """Say what is expected of this customer and what that rests on, sentence by sentence."""
    return [*_of_rhythm(outlook, write), *_of_value(outlook, write)]


def _of_rhythm(outlook: dict[str, Any], write: Formats) -> list[str]:
    rhythm = outlook["rhythm"]
    if rhythm is None:
        return [_("No rhythm of their own yet: %(reason)s.") % {"reason": outlook["rhythm_reason"]}]
    told = {
        "gap": write.count(rhythm["usual_gap_days"]),
        "days": write.count(outlook["days_since"]),
        "late": write.count(rhythm["late_from_days"]),
        "lost": write.count(rhythm["lost_from_days"]),
    }
    said = [
        _(
            "Orders every %(gap)s days on average; silent for %(days)s days; late from day %(late)s, rather lost from day %(lost)s on."
        )
        % told
    ]
    low, high = rhythm["next_in_days"]
    if rhythm["state"] != "lost":
        said.append(
            _(
                "If still active, half of such customers order again in %(low)s to %(high)s days from the last day of the data."
            )
            % {"low": write.count(low), "high": write.count(high)}
        )
    return said


def _of_value(outlook: dict[str, Any], write: Formats) -> list[str]:
    value = outlook["value"]
    if value is None:
        return [_("No forecast: %(reasons)s.") % {"reasons": "; ".join(outlook["value_reasons"])}]
    said = [
        _("Still a customer with a chance of %(share)s; %(orders)s orders expected within a year.")
        % {"share": write.share(value["p_alive"], 0), "orders": write.decimal(value["expected_orders"], 1)}
    ]
    if value["expected_revenue"] is not None:
        said.append(
            _(
                "An order of theirs is expected to be worth %(each)s, so %(revenue)s within a year. For one person these are averages over people with the same history."
            )
            % {
                "each": write.money(round(value["expected_order_value"], 2)),
                "revenue": write.money(round(value["expected_revenue"], 2)),
            }
        )
    return said


def _told(fact: dict[str, Any], write: Formats) -> dict[str, Any]:
    kind, fields = (
        fact["kind"],
        {name: value for name, value in fact["fields"].items() if value not in (None, "", [], False)},
    )
    if kind == "custom.tracked":
        kind, fields = fields.get("name", kind), _properties(fields.get("properties", ""))
    lines = fields.pop("lines", []) or []
    return {
        "what": _words(kind, fields, write),
        "at": fact["occurred_at"].isoformat(), "when": f"{write.day(fact['occurred_at'].date())}, {fact['occurred_at']:%H:%M}", "kind": kind, "tone": "order" if kind == "order.placed" else "trouble" if any(word in kind for word in TROUBLE) else "",
        "fields": [(name.replace("_", " "), value) for name, value in fields.items() if name not in ("shop", "rate", "version")],
        "lines": [_line(line, write) for line in lines], "source": fact["source"],
    }  # fmt: skip


def _words(kind: str, fields: dict[str, Any], write: Formats) -> str:
    """Say in a few words what happened; a kind of the shop's own is named as the shop names it."""
    amounts = {name: write.money(fields[name]) for name in ("total", "amount") if fields.get(name) is not None}
    words = {
        "order.placed": _("Ordered for %(total)s"),
        "order.updated": _("Order corrected to %(total)s"),
        "order.cancelled": _("Order cancelled"),
        "order.refunded": _("Refunded %(amount)s"),
        "customer.identified": _("Known by %(kind)s: %(identifier)s"),
        "customer.merged": _("Found to be the same person as another customer"),
        "customer.updated": _("Details told"),
        "customer.described": _("%(name)s: %(value)s"),
    }
    known_by, identifier = naming.identifier(str(fields.get("identifier", "")))
    own = {"name": str(fields.get("name", "")), "value": str(fields.get("value") or _("no longer known"))}
    told = {"total": "", "amount": "", "kind": known_by, "identifier": identifier, **own, **amounts}
    return words[kind] % told if kind in words else kind.replace(".", " ").replace("_", " ").capitalize()


def _line(line: dict[str, Any], write: Formats) -> str:
    name = line.get("name") or line.get("product") or ""
    return f"{write.decimal(line.get('quantity') or 1, 0)} × {name}"


def _properties(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {"properties": text}
    return found if isinstance(found, dict) else {"properties": found}
