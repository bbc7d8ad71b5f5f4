"""Rows of campaigns: what was written, each time that it goes, who gets it then, lists of people, and the house's rules."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Campaign(models.Model):
    """A campaign by its name. A recurring one goes by itself while it is on."""

    name = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    document = models.JSONField()
    is_on = models.BooleanField(default=False)
    on_by = models.CharField(max_length=254, blank=True, db_default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Edition(models.Model):
    """One time that a campaign goes. Its document is the campaign's as it was when the audience was fixed; token makes its messages'
    keys its own. parent is the edition whose readers clicked nothing. looked_at is when somebody last worked on it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="editions", db_index=False)
    number = models.PositiveIntegerField()
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="again")
    token = models.CharField(max_length=32)
    state = models.CharField(max_length=16)
    problem = models.CharField(max_length=500, blank=True, db_default="")
    day = models.DateField(null=True)
    starts_at = models.DateTimeField()
    asked_by = models.CharField(max_length=254)
    approved_by = models.CharField(max_length=254, blank=True, db_default="")
    is_late_fine = models.BooleanField(default=False)
    document = models.JSONField(null=True)
    made_at = models.DateTimeField()
    fixed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    n_recipients = models.BigIntegerField(default=0)
    n_asked = models.BigIntegerField(default=0)
    n_withdrawn = models.BigIntegerField(default=0)
    minute_at = models.DateTimeField(null=True)
    n_in_minute = models.BigIntegerField(default=0)
    tested_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    winner = models.CharField(max_length=32, blank=True, db_default="")
    is_sure = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "number"], name="one_edition_per_number")]
        indexes: ClassVar = [
            models.Index(
                fields=["state"],
                name="editions_at_work",
                condition=Q(state__in=("planned", "fixing", "sending", "held")),
            )
        ]


class Recipient(models.Model):
    """Somebody whom an edition goes to. arm is counted from 0, empty for whoever gets the winner. turn 1 waits until turn 0, the
    test, is decided. Whoever was not asked for yet has no asked_at."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    customer_id = models.BigIntegerField()
    arm = models.SmallIntegerField(null=True)
    turn = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "customer_id"], name="once_per_edition")]
        indexes: ClassVar = [
            models.Index(
                fields=["edition", "turn", "due_at", "id"], name="recipients_due", condition=Q(asked_at__isnull=True)
            )
        ]


class Listing(models.Model):
    """A list of people that somebody uploaded, by its name."""

    name = models.SlugField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254)
    n_people = models.BigIntegerField(default=0)
    n_unknown = models.BigIntegerField(default=0)


class Listed(models.Model):
    """A customer on a list."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, db_index=False)
    customer_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["listing", "customer_id"], name="once_per_list")]


class HouseRule(models.Model):
    """How careful the house is: one row. approval_above is empty where nobody has to approve."""

    undo_minutes = models.PositiveIntegerField(default=5)
    late_hours = models.PositiveIntegerField(default=6)
    approval_above = models.PositiveIntegerField(null=True)
