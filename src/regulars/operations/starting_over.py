"""Starting over: the demo shop, the sample or a whole shop is thrown away; users and settings stay."""

import shutil
from datetime import datetime

from regulars.campaigns import api as campaigns
from regulars.catalog import api as catalog
from regulars.consent import api as consent
from regulars.core.settings import current
from regulars.events import api as events
from regulars.journeys import api as journeys
from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.segments import api as segments
from regulars.sources import api as sources


def start_over(now: datetime) -> None:
    """Throw every fact away. The facts go first, in one transaction; a killed run is simply run again.

    Raises events.Busy while an import or a flush is at work.
    """
    events.start_over(now)
    profiles.reset()
    catalog.reset()
    segments.reset()
    consent.reset()
    campaigns.reset()
    journeys.reset(now)
    messaging.reset()
    sources.forget()
    shutil.rmtree(current().home / "demo", ignore_errors=True)
