"""Rows of browsers that show notifications."""

from django.db import models


class Subscription(models.Model):
    """A browser that somebody allowed to show notifications; customer_id is 0 until the log's next tick numbers a newcomer.

    Its endpoint and its keys are sealed together and forgotten once it is gone; the endpoint is known again by its
    fingerprint. joined_at is when its person said so last, accepted_at is when its push service last took a notification.
    """

    key = models.CharField(max_length=32, unique=True)
    customer_id = models.BigIntegerField(db_index=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(blank=True)
    joined_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
