"""Rows of long work: what was asked for, how far it is, what came of it."""

from django.db import models


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """One piece of long work. A running job whose worker is gone is taken up again: handlers go on where they stopped.

    digest names the work (kind and arguments): of the same work only one row may wait or run. worker and attempts
    together say whose the row is; a worker that finds others there has lost it.
    """

    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    digest = models.CharField(max_length=40, blank=True, default="")
    asked_by = models.CharField(max_length=254, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=200, blank=True, default="")
    share = models.FloatField(default=0)
    result = models.JSONField(default=dict)
    message = models.TextField(blank=True, default="")
    worker = models.CharField(max_length=128, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="jobs_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(digest=""),
                name="jobs_same_work_once",
            )
        ]
