"""The first tables of segments."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=64, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("rule", models.JSONField()),
                ("target", models.CharField(blank=True, db_default="", max_length=500)),
                ("category", models.CharField(blank=True, db_default="", max_length=500)),
                ("differentiator", models.CharField(blank=True, db_default="", max_length=500)),
                ("payoff", models.CharField(blank=True, db_default="", max_length=500)),
                ("interests", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("is_settled", models.BooleanField(default=False)),
                ("counted_seq", models.BigIntegerField(default=0)),
                ("counted_on", models.DateField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("n_members", models.BigIntegerField(default=0)),
                ("problem", models.CharField(blank=True, db_default="", max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_id", models.BigIntegerField(db_index=True)),
                ("since", models.DateTimeField()),
                (
                    "segment",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="segments.segment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("segment", "customer_id"), name="one_membership_per_customer")
                ],
            },
        ),
        migrations.CreateModel(
            name="Size",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("n_members", models.BigIntegerField()),
                (
                    "segment",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="segments.segment"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("segment", "day"), name="one_size_per_day")],
            },
        ),
    ]
