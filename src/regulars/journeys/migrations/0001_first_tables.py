"""The first tables of journeys."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Journey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=64, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("version", models.IntegerField(default=0)),
                ("priority", models.IntegerField(default=50)),
                ("group", models.CharField(blank=True, default="", max_length=64)),
                ("seq", models.BigIntegerField(default=0)),
                ("entries_seq", models.BigIntegerField(default=0)),
                ("problem", models.CharField(blank=True, db_default="", max_length=500)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("enrolment_id", models.BigIntegerField()),
                ("hop", models.IntegerField()),
                ("version", models.IntegerField()),
                ("node", models.IntegerField()),
                ("way", models.IntegerField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["enrolment_id"], name="passages_of_run")],
            },
        ),
        migrations.CreateModel(
            name="Fallen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("split", models.CharField(max_length=64)),
                ("customer_id", models.BigIntegerField()),
                ("arm", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="journeys.journey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("journey", "split", "customer_id"), name="one_arm_per_customer")
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("customer_id", models.BigIntegerField()),
                ("subject", models.TextField(blank=True, default="")),
                ("trigger", models.CharField(max_length=64)),
                ("data", models.TextField(default="{}")),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("is_held_out", models.BooleanField(default=False)),
                ("entered", models.BigIntegerField()),
                ("is_active", models.BooleanField(default=True)),
                ("node", models.IntegerField()),
                ("arrived", models.BigIntegerField()),
                ("due", models.BigIntegerField()),
                ("came", models.BooleanField(default=False)),
                ("hops", models.IntegerField(default=0)),
                ("reached", models.BigIntegerField(null=True)),
                ("ended", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=120)),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="journeys.journey"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["journey", "version", "node", "due", "id"],
                        name="runs_at_node",
                    ),
                    models.Index(fields=["customer_id"], name="runs_of_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("journey", "trigger", "customer_id"), name="one_run_per_trigger"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("journey", "customer_id", "subject"),
                        name="one_run_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("node", models.IntegerField()),
                ("way", models.IntegerField()),
                ("n", models.BigIntegerField(default=0)),
                ("last", models.BigIntegerField(default=0)),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="journeys.journey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("journey", "version", "node", "way"), name="one_count_per_way")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stuck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("node", models.IntegerField()),
                ("why", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="journeys.journey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("journey", "version", "node"), name="one_reason_per_node")
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("text", models.TextField()),
                ("made_by", models.CharField(max_length=254)),
                ("made_at", models.DateTimeField()),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("journey", "number"), name="one_journey_version")],
            },
        ),
    ]
