"""Rows of segments: their rules, who belongs to them now, and how large they were on each day."""

from typing import ClassVar

from django.db import models


class Segment(models.Model):
    """A rule with a name. counted_seq and counted_on say up to which fact and for which day of the shop its members hold.

    A segment that is new, or whose rule was changed, is not settled: its members are counted anew from all facts.
    """

    name = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    rule = models.JSONField()
    target = models.CharField(max_length=500, blank=True, db_default="")
    category = models.CharField(max_length=500, blank=True, db_default="")
    differentiator = models.CharField(max_length=500, blank=True, db_default="")
    payoff = models.CharField(max_length=500, blank=True, db_default="")
    interests = models.JSONField(default=list)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    is_settled = models.BooleanField(default=False)
    counted_seq = models.BigIntegerField(default=0)
    counted_on = models.DateField(null=True)
    counted_at = models.DateTimeField(null=True)
    n_members = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, db_default="")


class Member(models.Model):
    """A customer who belongs to a segment, since when."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False)
    customer_id = models.BigIntegerField(db_index=True)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["segment", "customer_id"], name="one_membership_per_customer")
        ]


class Size(models.Model):
    """How many belonged to a segment when a day of the shop was last counted."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False)
    day = models.DateField()
    n_members = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["segment", "day"], name="one_size_per_day")]
