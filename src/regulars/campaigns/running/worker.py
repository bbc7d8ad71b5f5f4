"""The worker of campaigns: plans the next edition of what recurs, begins what is due, asks, decides tests, ends what is over.

Every step is a transaction that names the state it leaves, under a lease; killed anywhere, the next round goes on from there.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from regulars.campaigns import planning
from regulars.campaigns.models import Campaign, Edition, Recipient
from regulars.campaigns.planning import APPROVAL, State
from regulars.campaigns.rules import reading, times, winning
from regulars.campaigns.rules.plan import Arm, Plan, Timing
from regulars.campaigns.running import measuring
from regulars.campaigns.running.asking import Asking
from regulars.campaigns.running.audience import Fixing, NotNow
from regulars.campaigns.running.telling import message_name
from regulars.events import api as events

LEASE = "campaigns"
LOOK_EVERY = timedelta(minutes=10)  # at a test that is not over: each look reads the lake
SEEN_EVERY = timedelta(minutes=1)


def run_once(now: datetime) -> int:
    """Do what is due; return how many messages were asked for and editions moved. A fenced system plans and sends nothing."""
    at_work = Q(state__in=(State.FIXING, State.SENDING)) | Q(state=State.PLANNED, starts_at__lte=now)
    recurring = Campaign.objects.filter(is_on=True)
    if events.is_fenced() or not (Edition.objects.filter(at_work).exists() or recurring.exists()):
        return 0
    moved = 0
    with contextlib.suppress(events.Busy, events.Lost), events.held(LEASE, now) as lease:
        for campaign in recurring:
            moved += planning.plan_next(campaign, now)
        for edition in Edition.objects.filter(at_work).select_related("campaign", "parent").order_by("starts_at", "id"):
            moved += Work(edition, now, lease.check).run()
    return moved


@dataclass
class Work:
    """One round of work on one edition."""

    edition: Edition
    now: datetime
    check: Callable[[], None]

    def run(self) -> int:
        """Go on from where the edition stands; return how much moved."""
        try:
            plan = plan_of(self.edition)
        except reading.BadCampaign as problem:
            return self._hold(str(problem))
        if self.edition.state == State.PLANNED and not self._began(plan):
            return 1
        if self.edition.state == State.FIXING and not self._fixed(plan):
            return 0
        return self._sent(plan) if self.edition.state == State.SENDING else 1

    def _began(self, plan: Plan) -> bool:
        """Take the document as it is now, unless somebody must be asked first."""
        rules = planning.house()
        if not self.edition.is_late_fine and times.is_late(self.edition.starts_at, self.now, rules.late_hours):
            self._hold(planning.LATE.format(hours=rules.late_hours))
            return False
        if problems := planning.problems(plan):
            self._hold(problems[0])
            return False
        return bool(self._moves(State.FIXING, document=self.edition.document or self.edition.campaign.document))

    def _fixed(self, plan: Plan) -> bool:
        try:
            n = Fixing(self.edition, plan, self.now, self.check).run()
        except NotNow as problem:
            if not problem.is_soon:
                self._hold(str(problem))
            return False
        needs = planning.needs_approval(self.edition, n)
        told = {"n_recipients": n, "fixed_at": self.now, "looked_at": self.now}
        if needs:
            self._moves(State.HELD, problem=APPROVAL, **told)
            return False
        return bool(self._moves(State.SENDING, problem="", **told))

    def _sent(self, plan: Plan) -> int:
        """Ask for who is due; hold where nobody has looked for hours, as in a copy that was put back."""
        seen, hours = self.edition.looked_at or self.now, planning.house().late_hours
        if not self.edition.is_late_fine and times.is_late(seen, self.now, hours) and self._waiting().exists():
            return self._hold(planning.INTERRUPTED.format(hours=hours))
        if self.now - seen >= SEEN_EVERY or self.edition.is_late_fine:
            Edition.objects.filter(id=self.edition.id).update(looked_at=self.now, is_late_fine=False)
        asked = Asking(self.edition, plan, self.now, self.check).run(0)
        if asked or self._waiting().filter(turn=0).exists():
            return asked
        if plan.test is not None and self.edition.decided_at is None:
            return self._tested(plan, plan.test.wait)
        asked = Asking(self.edition, plan, self.now, self.check).run(1)
        if asked or self._waiting().exists():
            return asked
        return self._ended(plan)

    def _tested(self, plan: Plan, wait: timedelta) -> int:
        """Look at the test where it is time to, and let the winner, or what was declared, go to the others."""
        assert plan.test is not None
        if self.edition.tested_at is None:
            return self._moves(State.SENDING, tested_at=self.now, measured_at=self.now)
        is_over = self.now >= self.edition.tested_at + wait
        if not is_over and self.edition.measured_at and self.now - self.edition.measured_at < LOOK_EVERY:
            return 0
        with events.reader(self.now) as moment:
            found = measuring.arms(moment, plan, message_name(plan.name, self.edition.number))
        expected = Recipient.objects.filter(edition=self.edition, turn=0).count()
        verdict = winning.verdict(found, expected, is_over, plan.test.otherwise)
        if verdict is None:
            return self._moves(State.SENDING, measured_at=self.now)
        return self._moves(State.SENDING, decided_at=self.now, measured_at=self.now, winner=verdict.arm, is_sure=verdict.is_sure)  # fmt: skip

    def _ended(self, plan: Plan) -> int:
        with transaction.atomic():
            ended = self._moves(State.DONE, ended_at=self.now)
            if ended and plan.again is not None and self.edition.parent is None:
                planning.plan_again(self.edition, self.now + plan.again.after, self.now)
        return ended

    def _waiting(self) -> QuerySet[Recipient]:
        return Recipient.objects.filter(edition=self.edition, asked_at__isnull=True)

    def _hold(self, problem: str) -> int:
        return self._moves(State.HELD, problem=problem[:500])

    def _moves(self, state: State, **changes: object) -> int:
        """Change the edition where nobody else did meanwhile, who cancelled it for one; return 1 if so."""
        with transaction.atomic():
            self.check()
            mine = Edition.objects.filter(id=self.edition.id, state=self.edition.state)
            moved = mine.update(state=state.value, **changes)
        if moved:
            self.edition.state = state.value
            for name, value in changes.items():
                setattr(self.edition, name, value)
        return moved


def plan_of(edition: Edition) -> Plan:
    """Return what an edition sends: the campaign's document as it was fixed, or as it is while nothing was; raise BadCampaign."""
    plan = reading.read(edition.document or edition.campaign.document)
    if edition.parent is None or plan.again is None:
        return plan
    arm = Arm("", 100.0, plan.again.template, plan.again.subject)
    return replace(plan, arms=(arm,), timing=Timing(), test=None, again=None)
