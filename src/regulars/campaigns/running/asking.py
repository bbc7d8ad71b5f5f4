"""Asking for the messages of recipients who are due: thousands in one transaction with the mark that they were asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from regulars.campaigns.models import Edition, Recipient
from regulars.campaigns.rules.plan import Plan
from regulars.campaigns.running.telling import data_of, data_of_arm, message_name
from regulars.core import bulk
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles

AT_ONCE, PER_ROUND = 2_000, 20_000
MINUTE = timedelta(minutes=1)
TABLE = Recipient._meta.db_table
SOURCE = "campaigns"
TURNS = ("test", "rest")
# Materialized, for PostgreSQL may otherwise ask a limited query again for each row, and take more than the limit.
DUE = (
    f"WITH due AS MATERIALIZED (SELECT id FROM {TABLE} WHERE edition_id = %s AND turn = %s AND due_at <= %s "
    "AND asked_at IS NULL ORDER BY due_at, id LIMIT %s) "
    f"UPDATE {TABLE} SET asked_at = %s WHERE id IN (SELECT id FROM due) RETURNING customer_id, arm"
)


@dataclass(frozen=True)
class Asking:
    """What is asked for of one edition in one round; check raises where the lease is lost."""

    edition: Edition
    plan: Plan
    now: datetime
    check: Callable[[], None]

    def run(self, turn: int) -> int:
        """Ask for whoever is due in a turn, as many as the throttle and a round allow; return how many."""
        told, asked = data_of(self.plan, self.edition), 0
        while asked < PER_ROUND and (some := self._some(turn, told)):
            asked += some
        return asked

    def _some(self, turn: int, told: dict[str, Any]) -> int:
        with transaction.atomic():
            self.check()
            edition = Edition.objects.select_for_update().get(id=self.edition.id)
            room = self._room(edition)
            if edition.state != "sending" or room <= 0:
                return 0
            rows = self._taken(turn, room)
            if rows:
                self._ask(edition, rows, turn, told)
                self._count(edition, len(rows))
        return len(rows)

    def _room(self, edition: Edition) -> int:
        if not self.plan.per_minute:
            return AT_ONCE
        used = edition.n_in_minute if self._is_same_minute(edition) else 0
        return min(self.plan.per_minute - used, AT_ONCE)

    def _is_same_minute(self, edition: Edition) -> bool:
        return edition.minute_at is not None and self.now - edition.minute_at < MINUTE

    def _count(self, edition: Edition, n: int) -> None:
        changes: dict[str, Any] = {"n_asked": F("n_asked") + n, "looked_at": self.now}
        if self._is_same_minute(edition):
            changes |= {"n_in_minute": F("n_in_minute") + n}
        else:
            changes |= {"n_in_minute": n, "minute_at": self.now}
        Edition.objects.filter(id=edition.id).update(**changes)

    def _taken(self, turn: int, room: int) -> list[tuple[int, int | None]]:
        at = bulk.instant(self.now)
        with connection.cursor() as cursor:
            cursor.execute(DUE, [self.edition.id, turn, at, room, at])
            return [(int(customer), arm) for customer, arm in cursor.fetchall()]

    def _ask(self, edition: Edition, rows: Sequence[tuple[int, int | None]], turn: int, told: dict[str, Any]) -> None:
        """Ask once for each person who stands: of two who turned out to be one, one row counts."""
        heirs = {number: one.customer for number, one in profiles.contacts([row[0] for row in rows]).items()}
        chosen = {heirs.get(customer, customer): arm for customer, arm in reversed(rows)}
        winner = next((n for n, arm in enumerate(self.plan.arms) if arm.name == edition.winner), 0)
        data = [data_of_arm(told, arm) for arm in self.plan.arms]
        name, until = message_name(self.plan.name, edition.number), self.now + self.plan.good_for
        messaging.request(
            [
                messaging.Request(
                    customer_id=customer, name=name, occurrence=edition.token, channel=self.plan.channel,
                    template=self.plan.arms[n].template, topic=self.plan.topic, data=data[n], good_until=until,
                )
                for customer, arm in chosen.items()
                for n in (winner if arm is None else arm,)
            ],
            self.now,
        )  # fmt: skip
        if len(self.plan.arms) > 1:
            events.append([self._exposed(name, who, arm, turn) for who, arm in chosen.items() if arm is not None], self.now)  # fmt: skip

    def _exposed(self, name: str, customer: int, arm: int, turn: int) -> events.Told:
        return events.Told(
            fact=events.ExperimentExposed(
                experiment=name, arm=self.plan.arms[arm].name, unit=str(customer), decision_point=TURNS[turn]
            ),
            source=SOURCE,
            occurred_at=self.now,
            people={"customer": str(customer)},
        )
