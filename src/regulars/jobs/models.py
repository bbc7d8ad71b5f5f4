"""Rows of long work: what was asked for, how far it is, what came of it."""

from django.db import models


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """One piece of long work. A running job whose worker is gone is taken up again: handlers go on where they stopped."""

    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
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
