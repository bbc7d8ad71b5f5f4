"""Rows of the inbox, the log and the marks that say how far everything is."""

from django.db import models


class Shop(models.Model):
    """A shop's currency and time zone, fixed by its first import or setting: days and sums depend on them.

    generation counts how often the shop was started over; each one has a lake of its own.
    """

    code = models.CharField(max_length=64, primary_key=True)
    currency = models.CharField(max_length=3, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=16, blank=True, default="")
    generation = models.PositiveIntegerField(default=0)
    is_fenced = models.BooleanField(default=False)


class InboxKey(models.Model):
    """A digest of a source's event id or of a fact's natural key, kept for ever: what was told once is known."""

    digest = models.BinaryField(primary_key=True, max_length=16)


class Inbox(models.Model):
    """A fact that was acknowledged and not yet sequenced."""

    source = models.CharField(max_length=64)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    people = models.TextField()
    fields = models.TextField()


class Log(models.Model):
    """A sequenced fact until the lake has it."""

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=64)
    event_id = models.CharField(max_length=255)
    source = models.CharField(max_length=64)
    customer_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    fields = models.TextField()


class Mark(models.Model):
    """A named number that only grows: the newest seq ("log"), the last customer id, how far a projection has read."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.BigIntegerField(default=0)


class Lease(models.Model):
    """Who may do a thing alone, until when; the fence grows with each holder so that a late one is noticed."""

    name = models.CharField(max_length=64, primary_key=True)
    owner = models.CharField(max_length=128, blank=True)
    fence = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)


class DerivedBase(models.Model):
    """The versions of the stored derived tables which belong together; the newest row counts."""

    seq = models.BigIntegerField()
    definition = models.CharField(max_length=64)
    versions = models.JSONField()
    built_at = models.DateTimeField()
