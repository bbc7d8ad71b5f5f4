"""What adds up is asked of a base once, and after that of the touched people: no answer may differ from a plain reading."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regulars import loop
from regulars.core.lake import kept
from regulars.core.lake.moment import Moment
from regulars.events import api as events, reader
from regulars.events.kinds.orders import Line
from regulars.measurement import api as measurement
from tests.events.cast import GUEST, NOW, cancelled, placed, refunded, updated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

PEOPLE, ROUNDS = 40, 4
GOODS = [Line(product=f"P{n}", name=f"Good {n}", quantity=Decimal(1), amount=Decimal(5 + n)) for n in range(4)]


class Story:
    """A shop's facts in random order: orders, refunds, cancellations, corrections, and people who turn out to be one."""

    def __init__(self, seed: int) -> None:
        self.rng, self.orders, self.n = random.Random(seed), list[str](), 0

    def facts(self, many: int) -> list[events.Told]:
        return [self._fact() for _ in range(many)]

    def _fact(self) -> events.Told:
        kind, self.n = self.rng.random(), self.n + 1
        if not self.orders or kind < 0.75:
            self.orders.append(f"O{self.n}")
            who = GUEST if self.rng.random() < 0.1 else self._person()
            lines = tuple(self.rng.sample(GOODS, self.rng.randint(0, 2)))
            return placed(
                self.orders[-1], who, day=self.rng.randint(0, 140), total=str(self.rng.randint(0, 90)), lines=lines,
                country=self.rng.choice(["DE", "AT", None]), channel=self.rng.choice(["web", "app"]),
            )  # fmt: skip
        order = self.rng.choice(self.orders)
        if kind < 0.87:
            return refunded(order, f"R{self.n}", str(self.rng.randint(1, 9)), day=self.rng.randint(0, 150))
        return cancelled(order) if kind < 0.93 else updated(order, f"v{self.n}", str(self.rng.randint(1, 90)), self.n)

    def _person(self) -> dict[str, str]:
        number = self.rng.randrange(PEOPLE)
        also = {"email": f"p{self.rng.randrange(PEOPLE)}@example.com"} if self.rng.random() < 0.05 else {}
        return {"id": f"c{number}"} | also


def answers(moment: Moment) -> dict[str, Any]:
    """Ask every door whose answers add up, and the whole report."""
    germany = measurement.Group("country", "DE")
    setting = measurement.Setting("UTC", "EUR", {}, NOW)
    kinds = ("within", "bounded", "unbounded")
    return {
        "report": measurement.report(moment, measurement.Question(), setting),
        "months": measurement.cohorts(moment, measurement.Cohorts()),
        "weeks": measurement.cohorts(moment, measurement.Cohorts("week", "cumulative", germany)),
        **{kind: measurement.retention_curves(moment, measurement.Curves(kind, by="country")) for kind in kinds},
        "everybody": measurement.retention_curves(moment, measurement.Curves("bounded")),
        "window": measurement.window_rate(moment, 10, 40, germany),
        "compared": measurement.compare(moment, measurement.Compared(germany, None, 1, 30)),
        "sizes": measurement.group_sizes(moment, 5),
        "products": measurement.first_products(moment),
        "movement": measurement.movement(moment, NOW),
    }


def plainly() -> dict[str, Any]:
    """Answer from all facts at once: without a base, an overlay, or anything kept."""
    with reader.open_moment() as moment:
        moment.publish(reader.definitions(), None, "")
        return answers(moment)


@pytest.mark.parametrize("seed", [1, 2])
def test_each_moment_on_a_base_answers_as_a_plain_reading_does(
    seed: int, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    story = Story(seed)
    events.append(story.facts(150), NOW)
    loop.run_once(NOW)
    loop.rebuild(NOW)
    for at in range(ROUNDS):
        events.append(story.facts(12), NOW)
        loop.run_once(NOW)
        monkeypatch.setattr(kept, "WORTH_BYTES", 0 if at else 2**40)  # the first round knows nothing kept
        with events.reader(NOW) as moment:
            found = answers(moment)
        monkeypatch.setattr(kept, "WORTH_BYTES", 2**40)
        assert found == plainly()
    assert list((home / "cache" / "touched").iterdir())


def test_facts_kept_for_people_go_with_the_base_they_were_kept_for(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(kept, "WORTH_BYTES", 0)
    story, folder = Story(4), home / "cache" / "touched"
    events.append(story.facts(60), NOW)
    loop.run_once(NOW)
    events.refresh(NOW)
    for _ in range(4):
        events.append(story.facts(10), NOW)
        loop.run_once(NOW)
        events.reader(NOW).close()
    assert 1 <= len(list(folder.iterdir())) <= kept.HELD
    events.refresh(NOW)
    assert not list(folder.iterdir())


def test_kept_files_that_vanish_or_are_torn_are_read_from_the_lake_again(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(kept, "WORTH_BYTES", 0)
    story = Story(5)
    events.append(story.facts(60), NOW)
    loop.run_once(NOW)
    events.refresh(NOW)
    events.append(story.facts(30), NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        found = answers(moment)
    for one in (home / "cache" / "touched").glob("*/order_placed.parquet"):
        one.write_bytes(b"torn")
    with events.reader(NOW) as moment:
        assert answers(moment) == found


def test_many_pages_may_ask_the_same_moment_at_once() -> None:
    story = Story(6)
    events.append(story.facts(80), NOW)
    loop.run_once(NOW)
    events.refresh(NOW)
    events.append(story.facts(20), NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        with ThreadPoolExecutor(4) as pages:
            found = list(pages.map(lambda _: answers(moment.twin()), range(8)))
        assert found == [answers(moment)] * 8


def test_twins_may_be_taken_by_threads_while_the_owner_asks() -> None:
    loop.run_once(NOW)

    def take(moment: Moment) -> None:
        for _ in range(300):
            moment.twin().close()

    with events.reader(NOW) as moment, ThreadPoolExecutor(3) as pages:
        taking = [pages.submit(take, moment) for _ in range(3)]
        while not all(one.done() for one in taking):
            assert moment.rows("SELECT 27") == [(27,)]
        for one in taking:
            one.result()
