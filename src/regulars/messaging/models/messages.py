"""Rows of messages: what is to be said to whom, how far it is, and what came of it."""

from django.db import models
from django.db.models import Q

WAITING = ("queued", "deferred")
IN_HAND = ("leased", "dot")
OVER = ("sent", "failed", "unknown", "refused")


class Message(models.Model):
    """One message to one person on one channel, once for ever: key is the digest of (person, name, occurrence, channel).

    worker and fence together say whose a leased row is; a worker that finds another fence has lost it. `to` is what the
    message went to, so that a correction of the address later does not change what was done. heard is what others said became
    of it (accepted, failed, arrived; the weightiest stays): it decides where our own connection broke off.
    """

    key = models.CharField(max_length=32, unique=True)
    customer_id = models.BigIntegerField()
    name = models.CharField(max_length=100)
    occurrence = models.CharField(max_length=255)
    channel = models.CharField(max_length=16)
    is_marketing = models.BooleanField()
    topic = models.CharField(max_length=64, blank=True, default="")
    template = models.CharField(max_length=100)
    data = models.TextField(default="{}")
    strength = models.IntegerField(default=50)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    good_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, default="queued")
    reason = models.CharField(max_length=64, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    code = models.CharField(max_length=32, blank=True, default="")
    attempts = models.IntegerField(default=0)
    worker = models.CharField(max_length=64, blank=True, default="")
    fence = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    to = models.CharField(max_length=320, blank=True, default="")
    route = models.CharField(max_length=64, blank=True, default="")
    provider_id = models.CharField(max_length=255, blank=True, default="")
    dot_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    is_told = models.BooleanField(default=False)
    heard = models.CharField(max_length=16, blank=True, default="", db_default="")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="messages_due", condition=Q(state__in=WAITING)),
            models.Index(fields=["leased_until"], name="messages_in_hand", condition=Q(state__in=IN_HAND)),
            models.Index(fields=["id"], name="messages_untold", condition=Q(state__in=OVER, is_told=False)),
            models.Index(fields=["customer_id", "id"], name="messages_of_customer"),
            models.Index(fields=["finished_at"], name="messages_unknown", condition=Q(state="unknown")),
            models.Index(
                fields=["channel", "dot_at", "route"], name="messages_gone", condition=Q(dot_at__isnull=False)
            ),
            models.Index(fields=["provider_id"], name="messages_by_provider", condition=~Q(provider_id="")),
        ]


class Drawn(models.Model):
    """A letter that the drawer keeps."""

    key = models.CharField(max_length=32, primary_key=True)
    channel = models.CharField(max_length=16)
    to = models.CharField(max_length=320)
    to_name = models.CharField(max_length=255, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=998, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="drawn_by_time")]
