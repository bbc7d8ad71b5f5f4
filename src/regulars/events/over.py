"""Starting over: every fact is thrown away and the shop begins again with an empty lake."""

import shutil
from datetime import datetime

from django.db import transaction

from regulars.events import place, reader
from regulars.events.log import leases
from regulars.events.models import DerivedBase, Inbox, InboxKey, Log, Mark, Shop


def start_over(now: datetime) -> None:
    """Throw away every fact, mark, currency, time zone and label; raises Busy while somebody writes.

    Whoever projects from the log must empty its own rows too: with the marks gone, it reads from the first fact again.
    """
    place.shop()
    with leases.held(leases.SEQUENCER, now) as sequencer, leases.held("derive", now) as deriver:
        with transaction.atomic():
            sequencer.check()
            deriver.check()
            # First of all: whoever tells something only while this shop is what it is waits here, or is done.
            row = Shop.objects.select_for_update().get(code=place.SHOP)
            for model in (Inbox, InboxKey, Log, Mark, DerivedBase):
                model.objects.all().delete()
            row.currency = row.timezone = row.label = ""
            row.generation += 1
            row.save()
        _sweep(row.generation)


def _sweep(generation: int) -> None:
    """Delete the lakes before this generation, also one that a killed sweep left, and the answers made of them."""
    for number in range(generation):
        shutil.rmtree(place.lake_of(number), ignore_errors=True)
    shutil.rmtree(reader.cache_folder(), ignore_errors=True)
