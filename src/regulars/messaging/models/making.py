"""Rows of what messages are made of: templates and shared blocks with their versions, and the brand that all of them wear."""

from django.db import models


class Template(models.Model):
    """A template by its name. live is the number of the version that is used, 0 while none is."""

    name = models.CharField(max_length=100, unique=True)
    channel = models.CharField(max_length=16)
    is_marketing = models.BooleanField()
    live = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()


class TemplateVersion(models.Model):
    """One version of a template, never changed: document is the whole of it as JSON."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_versions_once")]


class Block(models.Model):
    """A block that templates share, by its name. live is the number of the version that is used, 0 while none is."""

    name = models.CharField(max_length=64, unique=True)
    live = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()


class BlockVersion(models.Model):
    """One version of a shared block, never changed: texts is JSON, a text by language, blank for everybody else's."""

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    texts = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "number"], name="block_versions_once")]


class Brand(models.Model):
    """The shop's look and its sender, as JSON; the newest row counts."""

    theme = models.TextField()
    made_at = models.DateTimeField()
