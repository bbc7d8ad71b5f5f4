"""The audience of an edition, fixed once: whose it is, in which arm, when each is due."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from regulars.campaigns.models import Edition, Listed, Recipient
from regulars.campaigns.rules import times
from regulars.campaigns.rules.plan import Plan
from regulars.campaigns.running.telling import message_name
from regulars.core import bulk
from regulars.events import api as events
from regulars.experiments import api as experiments
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.segments import api as segments

EVERYBODY = 2**40
AT_ONCE = 20_000  # recipients in one transaction: nobody else waits long
COLUMNS = ("edition_id", "customer_id", "arm", "turn", "due_at")
FOLLOWED_NOTHING = """
    SELECT DISTINCT customer_id FROM message_sent WHERE campaign = $campaign AND customer_id > 0 AND customer_id NOT IN
    (SELECT customer_id FROM message_clicked WHERE campaign = $campaign AND NOT is_machine) ORDER BY 1
"""


class NotNow(Exception):
    """An audience that cannot be fixed; the message is a sentence. Where it only takes a while, is_soon says so."""

    def __init__(self, said: str, is_soon: bool = False) -> None:
        super().__init__(said)
        self.is_soon = is_soon


@dataclass(frozen=True)
class Fixing:
    """What an audience is fixed with; check raises where the lease is lost."""

    edition: Edition
    plan: Plan
    now: datetime
    check: Callable[[], None]

    def run(self) -> int:
        """Write down everybody; return how many. Killed and run again it adds who is missing; nobody is asked before the end.

        Raises NotNow.
        """
        for some in _parts(self._people(), AT_ONCE):
            rows = self._rows(some)
            with transaction.atomic():
                self.check()
                bulk.insert_in_transaction(Recipient._meta.db_table, COLUMNS, rows)
        return Recipient.objects.filter(edition=self.edition).count()

    def _people(self) -> list[int]:
        if self.edition.parent is not None:
            with events.reader(self.now) as moment:
                name = message_name(self.plan.name, self.edition.parent.number)
                return [int(row[0]) for row in moment.rows(FOLLOWED_NOTHING, campaign=name)]
        about = self.plan.audience
        if about.kind == "list":
            return list(Listed.objects.filter(listing__name=about.name).values_list("customer_id", flat=True))
        found = segments.one(about.name)
        if found is None:
            raise NotNow(f"There is no segment '{about.name}' any more.")
        if found.problem:
            raise NotNow(f"The segment '{about.name}' cannot be counted: {found.problem}")
        if not found.is_settled:
            raise NotNow(f"The segment '{about.name}' is being counted.", is_soon=True)
        return segments.member_numbers(about.name, EVERYBODY)

    def _rows(self, people: Sequence[int]) -> list[tuple[Any, ...]]:
        arms, turns = _drawn(self.plan, self.edition, people)
        return [
            (self.edition.id, person, arm, turn, bulk.instant(due))
            for person, arm, turn, due in zip(people, arms, turns, self._due(people), strict=True)
        ]

    def _due(self, people: Sequence[int]) -> Iterator[datetime]:
        timing, day = self.plan.timing, self.edition.day
        if not timing.is_own_zone or day is None:
            yield from [self.now] * len(people)
            return
        assert timing.at is not None
        known, shop, hours = profiles.attributes(people), events.timezone(), dict[str, datetime]()
        for person in people:
            zone = next(iter(messaging.place(known.get(person)).zones), shop)
            if zone not in hours:
                hours[zone] = times.own_hour(day, timing.at, zone, self.now)
            yield hours[zone]


def salt(plan: Plan, edition: Edition, layer: str) -> str:
    """Return what a draw of an edition is salted with; each layer is a draw of its own."""
    return f"regulars/campaign/{message_name(plan.name, edition.number)}/{layer}"


def _drawn(plan: Plan, edition: Edition, people: Sequence[int]) -> tuple[list[int | None], list[int]]:
    """Return each one's arm and turn."""
    if len(plan.arms) == 1:
        return [0] * len(people), [0] * len(people)
    arms = experiments.assign(salt(plan, edition, "arm"), people, [arm.share / 100 for arm in plan.arms])
    if plan.test is None:
        return arms.tolist(), [0] * len(people)
    is_test = experiments.uniforms(salt(plan, edition, "test"), people) < plan.test.share / 100
    explores = experiments.uniforms(salt(plan, edition, "explore"), people) < plan.test.explore / 100
    chosen = [int(arm) if draws else None for arm, draws in zip(arms, is_test | explores, strict=True)]
    return chosen, np.where(is_test, 0, 1).tolist()


def _parts(people: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(people), size):
        yield people[start : start + size]
