"""Two people turn out to be one: their runs and arms go to the one who stands, and no journey is walked twice at once."""

from collections.abc import Callable, Mapping

from django.db import transaction

from regulars.journeys.engine.moving import OUT
from regulars.journeys.models import Enrolment, Fallen, Passage

MERGED, AT_ONCE = "merged with another run of the same person", 500


def merge(journey: int, heirs: Mapping[int, int], now: int, check: Callable[[], None]) -> None:
    """Give runs of merged people to their heirs. Of two that walk at once the one that entered first goes on; the first arm stays."""
    gone = sorted(heirs)
    for start in range(0, len(gone), AT_ONCE):
        some = gone[start : start + AT_ONCE]
        with transaction.atomic():
            check()
            for one in Enrolment.objects.filter(journey=journey, customer_id__in=some).order_by("entered", "id"):
                _give(one, heirs[one.customer_id], now)
            for arm in Fallen.objects.filter(journey=journey, customer_id__in=some).order_by("at", "id"):
                _inherit(arm, heirs[arm.customer_id])


def _give(run: Enrolment, heir: int, now: int) -> None:
    mine = Enrolment.objects.filter(journey=run.journey, customer_id=heir)
    if mine.filter(trigger=run.trigger).exists():
        if run.is_active:
            _end(run, now)
        return
    other = mine.filter(subject=run.subject, is_active=True).first()
    if other is not None and run.is_active:
        _end(run if (other.entered, other.id) <= (run.entered, run.id) else other, now)
    Enrolment.objects.filter(id=run.id).update(customer_id=heir)


def _end(run: Enrolment, now: int) -> None:
    Passage.objects.create(enrolment_id=run.id, hop=run.hops, version=run.version, node=run.node, way=OUT, at=now)
    Enrolment.objects.filter(id=run.id).update(is_active=False, ended=now, reason=MERGED)


def _inherit(arm: Fallen, heir: int) -> None:
    """Let the heir have the arm that came first."""
    mine = Fallen.objects.filter(journey=arm.journey, split=arm.split, customer_id=heir).first()
    if mine is not None and mine.at <= arm.at:
        arm.delete()
        return
    if mine is not None:
        mine.delete()
    Fallen.objects.filter(id=arm.id).update(customer_id=heir)
