"""Starting over: messages go with the people whose numbers will be given anew; templates, routes, triggers and limits stay."""

from django.db import transaction

from regulars.messaging.models import Drawn, Message, Setback, Standing, Subscription, Tally, Touch, Trigger


def reset() -> None:
    """Forget every message, because the log itself was thrown away; triggers look at the new log from its first fact."""
    with transaction.atomic():
        for model in (Message, Drawn, Touch, Setback, Standing, Tally, Subscription):
            model.objects.all().delete()
        Trigger.objects.update(since=0)
