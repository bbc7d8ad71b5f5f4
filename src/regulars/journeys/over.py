"""Starting over: who stood where goes with the people; the documents stay, and none of them is on."""

from datetime import datetime

from django.db import transaction

from regulars.journeys.models import Enrolment, Fallen, Journey, Passage, Passed, Stuck


def reset(now: datetime) -> None:
    """Forget every run, because the log itself was thrown away, and make every journey a draft: it was switched on for others."""
    with transaction.atomic():
        for model in (Passage, Enrolment, Passed, Fallen, Stuck):
            model.objects.all().delete()
        Journey.objects.update(state="draft", seq=0, entries_seq=0, problem="", changed_at=now)
