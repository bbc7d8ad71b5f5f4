"""The brand's rows: the newest letterhead counts, older ones stay."""

from datetime import datetime

from regulars.events import api as events
from regulars.messaging.making import written
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.models import Brand
from regulars.messaging.templates import SAMPLE_THEME, Theme


def brand() -> Letterhead:
    """Return the shop's letterhead; until somebody writes one, a plain one, and in the demo shop its own."""
    return letterhead_of(newest_text())


def newest_text() -> str:
    """Return the newest letterhead as it is kept, blank while there is none."""
    return Brand.objects.order_by("-id").values_list("theme", flat=True).first() or ""


def letterhead_of(text: str) -> Letterhead:
    """Return the letterhead of a kept text."""
    return written.read_letterhead(text) if text else _at_first()


def is_branded() -> bool:
    """Say whether somebody has written a letterhead."""
    return Brand.objects.exists()


def put_brand(letterhead: Letterhead, now: datetime) -> None:
    """Use this letterhead from now on."""
    text = written.letterhead_json(letterhead)
    if text != newest_text():
        Brand.objects.create(theme=text, made_at=now)


def _at_first() -> Letterhead:
    if events.label() == "demo":
        demo = Theme(SAMPLE_THEME.sender_name, SAMPLE_THEME.postal_address, SAMPLE_THEME.site_url)
        return Letterhead(demo)
    return Letterhead(Theme("Your shop"))
