"""Rows of the ways out: routes of channels, what starts a message, and the links that letters carry."""

from django.db import models


class Route(models.Model):
    """One configured way of a channel: settings are sealed JSON, for they hold passwords. The active one of a channel is used;
    without any, letters of that channel go to the drawer. hook is the secret part of the address at which its provider calls back.
    """

    name = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    settings = models.TextField()
    is_active = models.BooleanField(default=False)
    hook = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel"], condition=models.Q(is_active=True), name="routes_one_active")
        ]


class Trigger(models.Model):
    """A message that follows a kind of fact, for facts with a seq above since."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    template = models.CharField(max_length=100)
    topic = models.CharField(max_length=64, blank=True, default="")
    strength = models.IntegerField(default=50)
    is_active = models.BooleanField(default=True)
    since = models.BigIntegerField()


class Link(models.Model):
    """Where a link of a letter leads; its id is a digest of the address, so that the same address has one row."""

    id = models.CharField(max_length=32, primary_key=True)
    url = models.TextField()


class Touch(models.Model):
    """A link that was followed, or a pixel that was fetched (link is blank), until it is judged and told; name is the fact's."""

    name = models.CharField(max_length=32)
    message_key = models.CharField(max_length=32)
    link = models.CharField(max_length=32, blank=True, default="")
    user_agent = models.CharField(max_length=500, blank=True, default="")
    purpose = models.CharField(max_length=100, blank=True, default="")
    at = models.DateTimeField(db_index=True)
    is_told = models.BooleanField(default=False)
