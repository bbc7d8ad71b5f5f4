"""Lists of people that somebody uploads: addresses and numbers of customers, resolved to those the shop knows."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.access import api as access
from regulars.campaigns.models import Listed, Listing
from regulars.campaigns.rules.reading import LONGEST_NAME, NAME, BadCampaign
from regulars.core import bulk
from regulars.profiles import api as profiles

MOST, SHOWN = 1_000_000, 20
HEADINGS = {"email", "e-mail", "mail", "phone", "id", "customer", "customer_id", "reference"}


@dataclass(frozen=True)
class Uploaded:
    """What an upload came to: how many customers are on the list, how many lines are nobody known, some of these lines."""

    n_people: int
    n_unknown: int
    some_unknown: Sequence[str]


@dataclass(frozen=True)
class ListTold:
    """A list as it stands."""

    name: str
    n_people: int
    n_unknown: int
    made_at: datetime
    made_by: str


def upload(name: str, text: str, by: str, now: datetime) -> Uploaded:
    """Keep a list in place of one of its name: one e-mail, phone or customer's number of the shop on each line, the first column
    of a CSV. Who is not known is told and left out: nobody is written to who never had to do with the shop. Raise BadCampaign.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise BadCampaign(f"A list's name is of small letters, digits and single hyphens, as fair-visitors, not {name!r}.")  # fmt: skip
    lines = list(dict.fromkeys(_first_column(text)))
    if not lines:
        raise BadCampaign("There is nothing in the list; write an e-mail or a customer's number on each line.")
    if len(lines) > MOST:
        raise BadCampaign(f"A list has at most {MOST:,} lines.")
    known = profiles.found(lines)
    unknown = [line for line in lines if line not in known]
    people = sorted(set(known.values()))
    with transaction.atomic():
        Listing.objects.filter(name=name).delete()
        row = Listing.objects.create(name=name, made_at=now, made_by=by, n_people=len(people), n_unknown=len(unknown))
        bulk.insert_in_transaction(Listed._meta.db_table, ("listing_id", "customer_id"), [(row.id, one) for one in people])  # fmt: skip
        access.note(by, "list.uploaded", name, {"people": len(people), "unknown": len(unknown)}, now)
    return Uploaded(len(people), len(unknown), unknown[:SHOWN])


def lists() -> list[ListTold]:
    """Return every list, by name."""
    rows = Listing.objects.order_by("name")
    return [ListTold(row.name, row.n_people, row.n_unknown, row.made_at, row.made_by) for row in rows]


def _first_column(text: str) -> Iterator[str]:
    """Yield what stands first on each line, without a heading.

    >>> list(_first_column("email;name\\nann@x.de;Ann\\n\\n c2 \\n"))
    ['ann@x.de', 'c2']
    """
    clean = text.replace("\0", "").lstrip("\ufeff")
    for n, row in enumerate(csv.reader(io.StringIO(re.sub(r"[;\t]", ",", clean)))):
        first = row[0].strip() if row else ""
        if first and not (n == 0 and first.lower() in HEADINGS):
            yield first[:400]
