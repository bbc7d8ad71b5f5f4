"""What went and came back is counted as it happens, by channel and minute; the counts begin with what stands of two weeks."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Count
from django.db.models.functions import TruncMinute
from django.utils import timezone


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    count(apps, timezone.now() - timedelta(days=14))


def count(apps: StateApps, since: datetime) -> None:
    messages, setbacks = apps.get_model("messaging", "Message"), apps.get_model("messaging", "Setback")
    counts: dict[tuple[str, datetime], Counter[str]] = {}
    gone = messages.objects.filter(dot_at__gte=since).exclude(route="drawer")
    for channel, minute, n in by_minute(gone, "dot_at", "channel"):
        counts.setdefault((channel, minute), Counter())["sent"] += n
    for channel, kind, minute, n in by_minute(
        setbacks.objects.filter(sent_at__gte=since), "sent_at", "channel", "kind"
    ):
        counts.setdefault((channel, minute), Counter())[kind] += n
    tallies = apps.get_model("messaging", "Tally")
    rows = (tallies(channel=channel, minute=minute, lane=0, **found) for (channel, minute), found in counts.items())
    tallies.objects.bulk_create(rows, batch_size=1_000)


def by_minute(rows: Any, at: str, *columns: str) -> Any:
    cut = rows.order_by().annotate(minute=TruncMinute(at, tzinfo=UTC))
    return cut.values_list(*columns, "minute").annotate(n=Count("id"))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_one_place_names_the_sender")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=16)),
                ("minute", models.DateTimeField()),
                ("lane", models.SmallIntegerField()),
                ("sent", models.BigIntegerField(default=0)),
                ("bounced", models.BigIntegerField(default=0)),
                ("complained", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "minute", "lane"), name="tallies_once"),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
