"""Rows about imports: which file, how far, with what result."""

from django.db import models


class Import(models.Model):
    """One file's import. A killed one is continued under the same id when the same command is run again."""

    target = models.CharField(max_length=16)
    file_name = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    merged = models.BigIntegerField(default=0)
    rejects_file = models.CharField(max_length=1000, blank=True, default="")
