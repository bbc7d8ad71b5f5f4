"""Marks: named numbers that only grow, moved in the transaction of what they count."""

from regulars.events.models import Mark

LOG = "log"


def get(name: str) -> int:
    """Return a mark; 0 when it was never set."""
    value = Mark.objects.filter(name=name).values_list("value", flat=True).first()
    return int(value or 0)


def put(name: str, value: int) -> None:
    """Set a mark; the caller holds the transaction."""
    Mark.objects.update_or_create(name=name, defaults={"value": value})


def advance(name: str, value: int) -> None:
    """Move a mark forward; of two that follow the log beside each other the later one stands."""
    Mark.objects.get_or_create(name=name)
    Mark.objects.filter(name=name, value__lt=value).update(value=value)
