"""Whatever order facts come in, however often, merges among them: what stands in the end is the same."""

import random
from datetime import timedelta
from typing import Any

import pytest

from regulars.consent import api as consent
from regulars.consent.models import Consent
from regulars.consent.reading.standings import choices_of
from regulars.events import api as events
from regulars.operations import api as operations
from regulars.profiles import api as profiles
from tests.consent.people import imported, rows, said, tick
from tests.events.cast import ANN, BO, CLEO, DAY_0, NOW, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

BOTH = {**ANN, "email": BO["email"]}


def story() -> list[events.Told]:
    """Ann and Bo are one person, as an order tells; Cleo is herself. Yes, no and flags over thirty days."""
    rng = random.Random(4)
    told = [placed("A1", ANN), placed("B1", BO), placed("C1", CLEO), placed("M1", BOTH, day=9)]
    for number in range(60):
        people = rng.choice((ANN, BO, CLEO))
        day = rng.randrange(30)
        if number % 4 == 0:
            at = DAY_0 + timedelta(days=day)
            flags = {rng.choice(("accepts_email", "accepts_sms")): rng.random() < 0.5}
            told.append(imported(people, f"v{number}", at, **flags))
            continue
        verb = rng.choice(("given", "given", "withdrawn", "requested"))
        more: dict[str, Any] = {"topic": rng.choice(("", "", "news")), "text_version": f"t{number}"}
        if verb == "given":
            more["basis"] = rng.choice(("express", "express", "implied_inquiry"))
        told.append(said(verb, people, day, rng.choice(("email", "sms")), **more))
    for number in range(12):
        kind = rng.choice(("address.suppressed", "address.released"))
        fields = {
            "channel": "email",
            "fingerprint": rng.choice("ab") * 64,
            "reason": rng.choice(("complaint", "manual")),
        }
        fact = events.read(kind, fields)
        at = DAY_0 + timedelta(days=rng.randrange(6))
        told.append(events.Told(fact=fact, source="consent", event_id=f"s{number}", occurred_at=at))
    return told


def ending(told: list[events.Told], rng: random.Random | None) -> dict[str, Any]:
    """Tell the story in pieces with ticks between, and return what stands, by name and not by number."""
    operations.start_over(NOW)
    consent.reset()
    waiting = list(told)
    while waiting:
        size = rng.randrange(1, 40) if rng else len(waiting)
        some, waiting = waiting[:size], waiting[size:]
        events.append(some, NOW)
        if rng is None or rng.random() < 0.7:
            tick()
        if rng and rng.random() < 0.2:
            events.set_mark("projection:consent", 0)
    tick()
    people = {name: profiles.known(who)[0] for name, who in (("ann", ANN), ("cleo", CLEO))}
    assert {row.customer_id for row in Consent.objects.all()} <= set(people.values())
    names = {number: name for name, number in people.items()}
    kept = [{**row, "customer_id": names.get(row.get("customer_id"), "")} for row in rows()]
    return {name: choices_of(number) for name, number in people.items()} | {"rows": sorted(kept, key=str)}


@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(3, 23), marks=pytest.mark.slow)], ids=["few", "twenty"])
def test_shuffled_and_repeated_facts_end_as_the_ordered_ones(seeds: range) -> None:
    told = sorted(story(), key=lambda one: one.occurred_at)
    expected = ending(told, None)
    assert len(expected["ann"]) >= 3
    assert len(expected["rows"]) > 12
    for seed in seeds:
        rng = random.Random(seed)
        delivered = [one for one in told for _ in range(rng.randrange(1, 4))]
        rng.shuffle(delivered)
        assert ending(delivered, rng) == expected, seed
