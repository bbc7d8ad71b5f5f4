"""The first tables of campaigns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=64, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("document", models.JSONField()),
                ("is_on", models.BooleanField(default=False)),
                ("on_by", models.CharField(blank=True, db_default="", max_length=254)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="HouseRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("undo_minutes", models.PositiveIntegerField(default=5)),
                ("late_hours", models.PositiveIntegerField(default=6)),
                ("approval_above", models.PositiveIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=254)),
                ("n_people", models.BigIntegerField(default=0)),
                ("n_unknown", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("token", models.CharField(max_length=32)),
                ("state", models.CharField(max_length=16)),
                ("problem", models.CharField(blank=True, db_default="", max_length=500)),
                ("day", models.DateField(null=True)),
                ("starts_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=254)),
                ("approved_by", models.CharField(blank=True, db_default="", max_length=254)),
                ("is_late_fine", models.BooleanField(default=False)),
                ("document", models.JSONField(null=True)),
                ("made_at", models.DateTimeField()),
                ("fixed_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("n_recipients", models.BigIntegerField(default=0)),
                ("n_asked", models.BigIntegerField(default=0)),
                ("n_withdrawn", models.BigIntegerField(default=0)),
                ("minute_at", models.DateTimeField(null=True)),
                ("n_in_minute", models.BigIntegerField(default=0)),
                ("tested_at", models.DateTimeField(null=True)),
                ("measured_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("winner", models.CharField(blank=True, db_default="", max_length=32)),
                ("is_sure", models.BooleanField(default=False)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editions",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="again",
                        to="campaigns.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Listed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_id", models.BigIntegerField()),
                (
                    "listing",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="campaigns.listing"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_id", models.BigIntegerField()),
                ("arm", models.SmallIntegerField(null=True)),
                ("turn", models.SmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="campaigns.edition"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("state__in", ("planned", "fixing", "sending", "held"))),
                fields=["state"],
                name="editions_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("campaign", "number"), name="one_edition_per_number"),
        ),
        migrations.AddConstraint(
            model_name="listed",
            constraint=models.UniqueConstraint(fields=("listing", "customer_id"), name="once_per_list"),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(
                condition=models.Q(("asked_at__isnull", True)),
                fields=["edition", "turn", "due_at", "id"],
                name="recipients_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(fields=("edition", "customer_id"), name="once_per_edition"),
        ),
    ]
