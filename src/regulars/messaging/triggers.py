"""Messages that follow facts: a trigger names a kind of fact and a template; a worker asks once for each new fact of it."""

import dataclasses
import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.db import transaction

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.messaging.models import Template, Trigger
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.templates.starter import starters

MARK = "messaging:triggers"
CUSTOM = "custom.tracked"
BATCH = 2_000
# A fact that comes later than this tells of the past, and nobody wants to hear of it now.
FRESH = timedelta(hours=24)
IMPORTS = "import-"  # how the sources of imports begin: what a file tells is history, however young it is
ENVELOPE = frozenset({"seq", "event_id", "source", "customer_id", "occurred_at", "received_at"})


class BadTrigger(ValueError):
    """A trigger that cannot work; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a trigger says: after a fact of this kind (a registered one, or a name that the shop made up), this template."""

    name: str
    kind: str
    channel: str
    template: str
    topic: str = ""
    strength: int = 50
    is_active: bool = True


FIELDS = tuple(one.name for one in dataclasses.fields(Rule))


def put(rule: Rule) -> None:
    """Set a trigger, in place of one of the same name; it counts for facts that come from now on. Raise BadTrigger."""
    _checked(rule)
    values = {name: getattr(rule, name) for name in FIELDS if name != "name"}
    with transaction.atomic():
        before = Trigger.objects.select_for_update().filter(name=rule.name).first()
        goes_on = before is not None and before.is_active and before.kind == rule.kind
        since = before.since if before is not None and goes_on else events.newest()
        Trigger.objects.update_or_create(name=rule.name, defaults={**values, "since": since})


def set_up(rule: Rule, by: str, now: datetime, is_new: bool = False) -> None:
    """Add a trigger or, unless it must be new, change the one of its name, with a line in the audit log. Raise BadTrigger."""
    with transaction.atomic():
        is_known = Trigger.objects.filter(name=rule.name).exists()
        if is_new and is_known:
            raise BadTrigger(f"There is a trigger called '{rule.name}' already; choose another name or drop that one.")
        put(rule)
        details: dict[str, str | int | bool | None] = {
            "kind": rule.kind,
            "template": rule.template,
            "channel": rule.channel,
            "active": rule.is_active,
        }
        access.note(by, "trigger.changed" if is_known else "trigger.added", rule.name, details, now)


def switch(name: str, is_active: bool, by: str, now: datetime) -> None:
    """Switch a trigger on, for facts that come from now on, or off. Raise BadTrigger where there is none."""
    rule = next((one for one in triggers() if one.name == name), None)
    if rule is None:
        raise BadTrigger(f"There is no trigger called '{name}' any more.")
    if is_active:
        put(dataclasses.replace(rule, is_active=True))
    else:
        Trigger.objects.filter(name=name).update(is_active=False)
    access.note(by, "trigger.on" if is_active else "trigger.off", name, {}, now)


def forget(name: str, by: str, now: datetime) -> None:
    """Drop a trigger, with a line in the audit log. Raise BadTrigger where there is none."""
    if not drop(name):
        raise BadTrigger(f"There is no trigger called '{name}' any more.")
    access.note(by, "trigger.dropped", name, {}, now)


def drop(name: str) -> bool:
    """Forget a trigger; what it asked for already still goes out. Say whether there was one."""
    return Trigger.objects.filter(name=name).delete()[0] > 0


def triggers() -> list[Rule]:
    """Return every trigger, by name."""
    return [Rule(**values) for values in Trigger.objects.order_by("name").values(*FIELDS)]


def run_once(now: datetime) -> int:
    """Ask for the messages that new facts call for; return how many were asked for. Killed anywhere, each is asked for once."""
    active = list(Trigger.objects.filter(is_active=True))
    if not active:
        return 0
    done = max(events.mark(MARK), min(one.since for one in active))
    kinds = sorted({_table_kind(one.kind) for one in active})
    moment = events.after(kinds, done)
    if moment is None:
        return 0
    asked = 0
    classes = classes_of({one.template for one in active})
    with moment:
        while done < moment.seq:
            upto, found = _new_facts(moment, kinds, done)
            wanted = [_request(one, fact, classes) for fact in found for one in active if _concerns(one, fact)]
            with transaction.atomic():
                request(wanted, now)
                events.advance_mark(MARK, upto)
            asked, done = asked + len(wanted), upto
    return asked


@dataclass(frozen=True)
class Found:
    """A new fact with its envelope; kind is the made-up name of a custom one."""

    kind: str
    seq: int
    customer: int
    event_id: str
    occurrence: str
    fields: Mapping[str, Any]


def _new_facts(moment: Moment, kinds: Sequence[str], done: int) -> tuple[int, list[Found]]:
    """Return facts of these kinds behind a seq, a batch of each, and up to which seq these are all of them."""
    upto, found = moment.seq, []
    for kind in kinds:
        rows = list(_rows(moment, kind, done))
        if len(rows) == BATCH:
            upto = min(upto, rows[-1].seq)
        found += rows
    return upto, sorted((one for one in found if one.seq <= upto), key=lambda one: one.seq)


def _rows(moment: Moment, kind: str, done: int) -> Iterator[Found]:
    """Yield the facts that are no history: of a known person, told by no import, within a day of happening, and no trial."""
    record = events.kind_of(kind)
    is_order = "is_test" in {column.name for column in events.schema_of(kind).columns}
    no_trial = "AND NOT is_test" if is_order else ""
    result = moment.con.execute(
        f"SELECT * FROM facts.{events.table_name(kind)} WHERE seq > $done AND customer_id > 0 "
        f"AND NOT starts_with(source, $imports) AND received_at - occurred_at <= $fresh {no_trial} ORDER BY seq LIMIT {BATCH}",
        {"done": done, "imports": IMPORTS, "fresh": FRESH},
    )
    names = [column[0] for column in result.description or []]
    for row in result.fetchall():
        yield _found(kind, record, dict(zip(names, row, strict=True)))


def _found(kind: str, record: type[events.Fact], told: dict[str, Any]) -> Found:
    fields = _fields(told)
    parts = [str(told[name]) for name in record.key_fields]
    occurrence = ":".join([kind, *(part.replace("\\", "\\\\").replace(":", "\\:") for part in parts)])
    if not parts:
        occurrence = f"{told['source']}:{told['event_id']}"
    if kind == CUSTOM:
        kind, fields = fields["name"], _properties(fields["properties"])
    return Found(kind, told["seq"], told["customer_id"], told["event_id"], _short(occurrence), fields)


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in ENVELOPE and value is not None}


def values_of(kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of facts of a kind as a template's values; of a shop's own event they are its properties."""
    fields = _fields(told)
    return _data(kind, _properties(fields["properties"]) if kind == CUSTOM else fields)


def _properties(text: str) -> dict[str, Any]:
    found = msgspec.json.decode(text)
    return found if isinstance(found, dict) else {}


def _short(text: str) -> str:
    """Return an occurrence that its column takes; a longer one by its digest."""
    return text if len(text) <= 255 else hashlib.sha256(text.encode()).hexdigest()


def _concerns(trigger: Trigger, fact: Found) -> bool:
    return trigger.kind in (fact.kind, _table_kind(fact.kind)) and fact.seq > trigger.since


def _request(trigger: Trigger, fact: Found, classes: Mapping[str, bool]) -> Request:
    return Request(
        customer_id=fact.customer,
        name=trigger.name,
        occurrence=fact.occurrence,
        channel=trigger.channel,
        template=trigger.template,
        is_marketing=classes[trigger.template],
        topic=trigger.topic,
        data=_data(fact.kind, fact.fields),
        strength=trigger.strength,
    )


def _data(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact's fields as a template's values: plain ones; those of an order stand under `order` as well."""
    plain: dict[str, Any] = msgspec.to_builtins(_numbers(dict(fields)))
    if kind.startswith("order.") and "order_id" in plain:
        plain["order"] = {**plain, "number": plain["order_id"]}
    return plain


def _numbers(value: Any) -> Any:
    """Return amounts and quantities as numbers: a template compares and counts with them, and a text of digits is none.

    >>> _numbers({"total": Decimal("48.4000"), "lines": [{"quantity": Decimal("2.0000"), "name": "Tea"}]})
    {'total': 48.4, 'lines': [{'quantity': 2, 'name': 'Tea'}]}
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _numbers(one) for name, one in value.items()}
    return [_numbers(one) for one in value] if isinstance(value, list | tuple) else value


def classes_of(names: AbstractSet[str]) -> dict[str, bool]:
    """Return of each template whether it is marketing; one that nobody knows any more is taken for it."""
    shipped = {name: one.document.message_class == "marketing" for name, one in starters().items()}
    kept = dict(Template.objects.filter(name__in=names).values_list("name", "is_marketing"))
    return {name: kept.get(name, shipped.get(name, True)) for name in names}


def _table_kind(kind: str) -> str:
    return kind if kind in events.kinds() else CUSTOM


def _checked(rule: Rule) -> None:
    if not rule.name.strip() or len(rule.name) > 100:
        raise BadTrigger("Give the trigger a name of at most 100 letters.")
    if rule.channel not in consent.CHANNELS:
        raise BadTrigger(f"'{rule.channel}' is no channel; there are {', '.join(consent.CHANNELS)}.")
    near = difflib.get_close_matches(rule.kind, events.kinds(), n=1, cutoff=0.8)
    if not rule.kind or len(rule.kind) > 64 or (near and rule.kind not in near):
        raise BadTrigger(f"'{rule.kind}' is no kind of fact" + (f"; did you mean '{near[0]}'?" if near else "."))
    if rule.kind.startswith(("message.", "address.")):
        raise BadTrigger("A message that follows messages would never end; choose another kind of fact.")
    channel = Template.objects.filter(name=rule.template).values_list("channel", flat=True).first()
    if channel is None and rule.template in starters():
        channel = starters()[rule.template].document.channel
    if channel is None:
        raise BadTrigger(f"There is no template '{rule.template}'; make it first.")
    if channel != rule.channel:
        raise BadTrigger(f"The template '{rule.template}' is written for {channel}, the trigger for {rule.channel}.")
