"""Random journeys over random histories, told twice and out of order, the engine stopped anywhere: as if nothing had happened."""

import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.core.documents import yaml
from regulars.journeys import api as journeys
from regulars.journeys.engine import instants, rounds
from regulars.journeys.engine.nodes import choosing
from regulars.journeys.models import Enrolment
from regulars.journeys.rules import nodes, reading
from regulars.messaging.models import Message
from tests.journeys import plain
from tests.journeys.telling import START, did, tell

pytestmark = pytest.mark.django_db(transaction=True)
HISTORIES = int(os.environ.get("EXAMPLES", "12"))
PEOPLE, HOURS, STOPS = 8, 7, 6
FACTS = ("a", "b", "c", "d")
TEMPLATES = ("win_back", "review_request", "welcome", "replenish")


class Stopped(BaseException):
    """The engine's process ends here."""


class Author:
    """Writes random documents; what one of them says comes from a seeded draw alone."""

    def __init__(self, draw: random.Random, number: int) -> None:
        self.draw, self.number, self.n_splits, self.labels = draw, number, 0, 0

    def document(self) -> dict[str, Any]:
        told: dict[str, Any] = {"name": f"journey-{self.number}", "trigger": self.fact()}
        if self.draw.random() < 0.7:
            told["again"] = self.draw.choice(["always", {"after": f"{self.draw.randint(1, 200)} minutes"}])
        if self.draw.random() < 0.5:
            told["exit_on"] = [self.fact() for _ in range(self.draw.randint(1, 2))]
        return told | {"steps": self.steps(0)}

    def fact(self) -> str:
        return f"custom:{self.number}{self.draw.choice(FACTS)}"

    def steps(self, depth: int) -> list[Any]:
        found: list[Any] = [self.step(depth) for _ in range(self.draw.randint(1, 3))]
        if self.draw.random() < 0.2:
            self.labels += 1
            label = f"again-{self.labels}"
            found = [{"label": label}, {"wait": {"for": "50 minutes"}}, *found, {"goto": label}]
        elif self.draw.random() < 0.2:
            found.append({"exit": self.draw.choice(["done", "enough"])})
        return found

    def step(self, depth: int) -> Any:
        kinds = ["send", "send", "wait", "until", "fact"] + (["branch", "split"] if depth < 2 else [])
        kind = self.draw.choice(kinds)
        if kind == "send":
            return {"send": self.draw.choice(TEMPLATES)}
        if kind == "wait":
            return {"wait": {"for": f"{self.draw.randint(1, 150)} minutes"}}
        if kind == "until":
            return {"wait": {"until": f"{self.draw.randint(9, 16):02}:{self.draw.choice(['00', '20', '45'])}"}}
        if kind == "fact":
            ways = {
                way: self.steps(depth + 1) for way in ("came", "timed_out") if depth < 2 and self.draw.random() < 0.6
            }
            return {"wait": {"until_fact": self.fact(), "at_most": f"{self.draw.randint(1, 200)} minutes"}, **ways}
        if kind == "branch":
            rule = {"did": f"custom:{self.number}vip", "times": {"at_least": 1}}
            return {"branch": [{"when": rule, "steps": self.steps(depth + 1)}, {"otherwise": self.steps(depth + 1)}]}
        self.n_splits += 1
        arms = [{"name": name, "share": 50, "steps": self.steps(depth + 1)} for name in ("one", "two")]
        return {"split": f"split-{self.n_splits}", "arms": arms}


def documents(draw: random.Random, number: int) -> str:
    """Return a random document that the language takes."""
    while True:
        text = yaml.write(Author(draw, number).document())
        try:
            journeys.read_file(text)
        except journeys.BadJourney:
            continue
        return text


def stopping(draw: random.Random, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the engine end at a random one of its transactions, some rounds in turn, then no more."""
    left = [draw.randint(1, 25) for _ in range(STOPS)]
    checked = rounds._check
    count = [0]

    def check(row: Any, held: Any) -> None:
        count[0] += 1
        if left and count[0] >= left[0]:
            left.pop()
            count[0] = 0
            raise Stopped
        checked(row, held)

    monkeypatch.setattr(rounds, "_check", check)
    yield


@pytest.mark.usefixtures("home")
def test_any_journey_over_any_history_ends_as_a_plain_reading_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in map(int, os.environ["ONLY"].split()) if "ONLY" in os.environ else range(HISTORIES):
        draw = random.Random(number)
        start = START + timedelta(days=2 * number)
        text = documents(draw, number)
        with monkeypatch.context() as patched:
            next(stopping(draw, patched))
            happened = lived(draw, number, start, text)
        compare(number, text, happened, start + timedelta(hours=HOURS))


def lived(draw: random.Random, number: int, start: datetime, text: str) -> dict[int, list[plain.Happened]]:
    """Let a history happen hour by hour, shuffled within each hour and told up to twice; return it by person's place."""
    people = [{"id": f"h{number}p{n}"} for n in range(PEOPLE)]
    tell(start, *(did(f"{number}known", one, start - timedelta(hours=1)) for one in people))
    tell(start, *(did(f"{number}vip", one, start - timedelta(hours=1)) for one in people[::2]))
    name, _ = journeys.put(text, "ann", start)
    journeys.activate(name, "ann", start)
    happened: dict[int, list[plain.Happened]] = {n: [] for n in range(PEOPLE)}
    for hour in range(1, HOURS + 1):
        facts = []
        for n, one in enumerate(people):
            for minute in draw.sample(range(60), draw.choice([0, 0, 1, 2])):
                at, fact = start + timedelta(hours=hour - 1, minutes=minute, seconds=1), f"{number}{draw.choice(FACTS)}"
                happened[n].append((at, f"custom:{fact}"))
                facts.append(did(fact, one, at, f"h{number}-{n}-{at:%H%M}"))
        facts += draw.sample(facts, len(facts) // 2)
        draw.shuffle(facts)
        now = start + timedelta(hours=hour)
        for part in (facts[::2], facts[1::2]):
            tell(now, *part)
        walked(now)
    for history in happened.values():
        history.sort()
    return happened


def walked(now: datetime) -> None:
    """Make rounds until one is not stopped."""
    while True:
        try:
            journeys.run_once(now)
            return
        except Stopped:
            continue


def compare(number: int, text: str, happened: dict[int, list[plain.Happened]], until: datetime) -> None:
    document = reading.read(yaml.read(text).value)
    compiled = nodes.compiled(document)
    first = min(Enrolment.objects.filter(journey__name=document.name).values_list("customer_id", flat=True), default=0)
    for place, history in happened.items():
        who = (0 if "ONLY" in os.environ else number * PEOPLE) + place + 1
        person = plain.Person(
            history,
            holds=lambda _, place=place: place % 2 == 0,
            arm=lambda split, who=who: choosing.draw(
                f"regulars/journey/{document.name}/{split}", {"one": 5_000, "two": 5_000}, [who]
            )[who],
        )
        expected = plain.runs(document, compiled, person, until)
        rows = list(Enrolment.objects.filter(journey__name=document.name, customer_id=who).order_by("entered"))
        found = [
            (instants.at(one.entered), one.is_active, one.reason, one.node if one.is_active else None) for one in rows
        ]
        assert found == [
            (one.entered, one.ended is None, one.reason, one.node if one.ended is None else None) for one in expected
        ], (number, place, text, history, first)
        names = {(str(one.entered), template, hop) for one in expected for template, hop in one.sent}
        seqs = {one.trigger: str(instants.at(one.entered)) for one in rows}
        sent = [
            (seqs[occurrence.split("#")[0]], name.split("/")[1], int(occurrence.split("#")[1]))
            for name, occurrence in Message.objects.filter(
                customer_id=who, name__startswith=f"{document.name}/"
            ).values_list("name", "occurrence")
        ]
        assert (len(sent), set(sent)) == (len(names), names), (number, place, text, history)
