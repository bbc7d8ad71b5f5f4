"""Rows of people: customers and the identifiers that lead to them, both rebuilt from the log at will."""

from django.db import models


class Customer(models.Model):
    """A person. merged_into names the customer that stands for both after a merge; figures live in the lake."""

    id = models.BigIntegerField(primary_key=True)
    merged_into = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=255, blank=True, db_default="")
    email = models.CharField(max_length=320, blank=True, db_default="")
    phone = models.CharField(max_length=32, blank=True, db_default="")
    first_name = models.CharField(max_length=255, blank=True, db_default="")
    last_name = models.CharField(max_length=255, blank=True, db_default="")
    country = models.CharField(max_length=64, blank=True, db_default="")
    city = models.CharField(max_length=255, blank=True, db_default="")
    postcode = models.CharField(max_length=32, blank=True, db_default="")
    language = models.CharField(max_length=16, blank=True, db_default="")
    timezone = models.CharField(max_length=64, blank=True, db_default="")
    accepts_email = models.BooleanField(null=True)
    accepts_sms = models.BooleanField(null=True)
    tags = models.TextField(blank=True, db_default="")


class Identity(models.Model):
    """An identifier (`email:…`, `phone:+…`, `id:shop:…`) and the customer it leads to.

    The identifier is the primary key and there is no index on the customer: a million identities are imported in
    seconds, and a person's identifiers are listed from the lake, where they lie together.
    """

    identifier = models.CharField(max_length=400, primary_key=True)
    customer_id = models.BigIntegerField()
