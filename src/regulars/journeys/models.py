"""Rows of journeys: their documents, who stands where, and what everybody went through.

Instants that statements reckon with are whole microseconds since 1970 in UTC: one statement moves many rows alike on both databases.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Journey(models.Model):
    """A journey. Facts up to seq were followed; those up to entries_seq lead nobody in: they came before it was switched on.

    state: draft (never switched on), active, paused (nobody enters or moves), draining (nobody enters any more), off.
    """

    name = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="draft")
    version = models.IntegerField(default=0)
    priority = models.IntegerField(default=50)
    group = models.CharField(max_length=64, blank=True, default="")
    seq = models.BigIntegerField(default=0)
    entries_seq = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, db_default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Version(models.Model):
    """A document of a journey, as it was written; who entered by it walks it to its end, unless moved to a newer one."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, db_index=False, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["journey", "number"], name="one_journey_version")]


class Enrolment(models.Model):
    """One run of a customer, or of one of their orders (subject), through a version of a journey.

    The trigger is what led in: the seq of a fact, or a day. node is where the run stands since `arrived`; at `due` something is to be
    done there, by then the fact waited for has come where `came` says so. hops counts the nodes behind it. data are the values of the fact
    that led in. A held-out run walks like all others, and is sent nothing.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, db_index=False)
    version = models.IntegerField()
    customer_id = models.BigIntegerField()
    subject = models.TextField(blank=True, default="")
    trigger = models.CharField(max_length=64)
    data = models.TextField(default="{}")
    zone = models.CharField(max_length=64, default="UTC")
    is_held_out = models.BooleanField(default=False)
    entered = models.BigIntegerField()
    is_active = models.BooleanField(default=True)
    node = models.IntegerField()
    arrived = models.BigIntegerField()
    due = models.BigIntegerField()
    came = models.BooleanField(default=False)
    hops = models.IntegerField(default=0)
    reached = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "trigger", "customer_id"], name="one_run_per_trigger"),
            models.UniqueConstraint(
                fields=["journey", "customer_id", "subject"], condition=Q(is_active=True), name="one_run_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["journey", "version", "node", "due", "id"], condition=Q(is_active=True), name="runs_at_node"
            ),
            models.Index(fields=["customer_id"], name="runs_of_customer"),
        ]


class Passage(models.Model):
    """A node that a run left behind, when, and by which of its ways; -1 is out of the journey."""

    enrolment_id = models.BigIntegerField()
    hop = models.IntegerField()
    version = models.IntegerField()
    node = models.IntegerField()
    way = models.IntegerField()
    at = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["enrolment_id"], name="passages_of_run")]


class Passed(models.Model):
    """How many runs left a node by one of its ways, and when the last one did."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, db_index=False)
    version = models.IntegerField()
    node = models.IntegerField()
    way = models.IntegerField()
    n = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "version", "node", "way"], name="one_count_per_way")
        ]


class Fallen(models.Model):
    """The arm of a split that a customer fell into, for good: neither a new version nor a second run draws again."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, db_index=False)
    split = models.CharField(max_length=64)
    customer_id = models.BigIntegerField()
    arm = models.CharField(max_length=64)
    at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "split", "customer_id"], name="one_arm_per_customer")
        ]


class Stuck(models.Model):
    """A node of a version at which runs are due and cannot go on, and why; gone as soon as they can."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, db_index=False)
    version = models.IntegerField()
    node = models.IntegerField()
    why = models.CharField(max_length=500)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["journey", "version", "node"], name="one_reason_per_node")
        ]
