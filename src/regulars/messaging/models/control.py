"""Rows of what holds sending back: the shop's limits, how marketing stands on each channel, and what came back."""

from django.db import models


class Limits(models.Model):
    """The limits as they were typed, by name, as JSON; the newest row counts and older ones stay."""

    told = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254)


class Standing(models.Model):
    """How marketing stands on a channel by the circuit breaker, and since when.

    After a person let it go on, only what was sent from counts_from on is counted.
    """

    channel = models.CharField(max_length=16, unique=True)
    level = models.CharField(max_length=16)
    sentence = models.TextField(blank=True, default="")
    since = models.DateTimeField()
    judged_at = models.DateTimeField()
    counts_from = models.DateTimeField(null=True)


class Setback(models.Model):
    """A message that bounced, or was called spam; sent_at is when it was handed over."""

    message_key = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_key", "kind"], name="setbacks_once")]
        indexes = [models.Index(fields=["channel", "sent_at"], name="setbacks_by_time")]


class Tally(models.Model):
    """How many messages of a channel were handed over in a minute, and how many of them came back, the drawer's left out.

    A minute's count is the sum over its lanes; one lane alone may be below nothing, when a message went again by another.
    """

    channel = models.CharField(max_length=16)
    minute = models.DateTimeField()
    lane = models.SmallIntegerField()
    sent = models.BigIntegerField(default=0)
    bounced = models.BigIntegerField(default=0)
    complained = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "minute", "lane"], name="tallies_once")]
