"""Rows of the app itself: what a user saved to find it again, and what programs were answered."""

from django.db import models


class Saved(models.Model):
    """A view of a page (its filters as a query string) or a query of the SQL page, kept under a name."""

    page = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    content = models.TextField()
    user_email = models.CharField(max_length=254, blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "name"], name="one_saved_per_page_and_name")]


class Answered(models.Model):
    """What a call with an Idempotency-Key was answered, so that the same call gets the same answer again; asked is the
    digest of who asked with which key, body that of what was said."""

    asked = models.CharField(max_length=64, primary_key=True)
    body = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True, default="")
    at = models.DateTimeField(db_index=True)
