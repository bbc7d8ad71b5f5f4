"""A shop with a mailing list: n people with names, addresses and a consent each, a letter with personal fields, a broadcast.

`python -m bench.mailing_list` does one word in a process of its own, on the home and the database of its environment.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

NAMES = ("Ann", "Bo", "Cleo", "Dov", "Eva", "Finn", "Gül", "Hal", "Ida", "Jo")
FAMILIES = ("Abel", "Berg", "Cruz", "Dahl", "Ebert", "Fox", "Gray")
NEWS, THANKS = "bench_news", "bench_thanks"
BODY = """
<mj-section><mj-column>
<mj-text mj-class="title">{{ customer.first_name | default: "Hello" }}, the spring picking is here</mj-text>
<mj-text>Dear {{ customer.name }}, since your {{ n_orders }} orders the fields of {{ garden }} have turned green again.
{% if collected and collected > 100 %}Your {{ collected }} points are good for a tin of your choice.{% else %}You have {{ collected }} points.{% endif %}</mj-text>
{% for tea in teas %}<mj-text><b>{{ tea.name }}</b>: {{ tea.price | money }}. <a href="https://shop.example/teas/{{ tea.slug }}">See it</a></mj-text>{% endfor %}
</mj-column></mj-section>
"""
TEAS = [
    ("Assam Harmutty", 9.9, "assam"),
    ("Sencha Kagoshima", 14.5, "sencha"),
    ("Darjeeling First Flush", 18.0, "first-flush"),
]


@contextmanager
def opened(url: str = "", **more: str) -> Iterator[Path]:
    """Set this process up on a home of its own, gone afterwards, and on a database: SQLite's in the home, or one by URL."""
    for name in [name for name in os.environ if name.startswith(("REGULARS_", "DJANGO_"))]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        os.environ.update(surroundings(Path(folder), url) | more)
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(folder)
        connections.close_all()


def surroundings(home: Path, url: str) -> dict[str, str]:
    """Return the environment of a process of this shop."""
    told = {
        "REGULARS_HOME": str(home),
        "REGULARS_HOSTS": "mail.shop.example",
        "REGULARS_HTTPS": "yes",
        "DJANGO_SETTINGS_MODULE": "regulars.config.settings",
    }
    return told | ({"REGULARS_DATABASE_URL": url} if url else {})


def enlist(count: int, now: datetime, country: str = "DE") -> None:
    """Write the people and their consents into their tables, and the letters with the brand that they wear."""
    from regulars.consent import rows
    from regulars.consent.rules.settling import Said
    from regulars.consent.rules.terms import Kind
    from regulars.core import bulk
    from regulars.messaging import api as messaging, templates

    people = (
        (
            n,
            f"customer{n}@shop.example",
            f"+49151{n:08d}" if country == "DE" else "",
            NAMES[n % 10],
            FAMILIES[n % 7],
            country,
            "en",
        )
        for n in range(1, count + 1)
    )
    columns = ("id", "email", "phone", "first_name", "last_name", "country", "language")
    bulk.insert("profiles_customer", columns, people)
    said = Said(kind=Kind.ACT, basis="express", method="form", since=now - timedelta(days=40), text_version="1")
    rows.write(rows.Row(n, "email", said) for n in range(1, count + 1))
    theme = templates.Theme("The Tea Shop", "1 Harbour Street, 20457 Hamburg", "https://shop.example")
    messaging.put_brand(messaging.Letterhead(theme, "news@shop.example"), now)
    subject = "{{ customer.first_name }}, {{ teas.size }} teas of this spring"
    for name, about in ((NEWS, "marketing"), (THANKS, "transactional")):
        variants = {"en": templates.Variant(BODY, subject, "What grows where you ordered from.")}
        messaging.publish(name, messaging.save(name, templates.Document(name, "email", about, variants), "bench", now))


def broadcast(customers: Sequence[int], now: datetime, template: str = NEWS, name: str = "spring") -> None:
    """Ask for one letter to each of these customers."""
    from django.db import transaction

    from regulars.messaging.outbox.asking import Request, request

    teas = [{"name": name, "price": price, "slug": slug} for name, price, slug in TEAS]
    for start in range(0, len(customers), 10_000):
        asked = [
            Request(
                customer_id=n, name=name, occurrence="2024", channel="email", template=template,
                is_marketing=template == NEWS,
                data={"n_orders": n % 9 + 1, "collected": n % 300, "garden": FAMILIES[n % 7], "teas": teas},
            )
            for n in customers[start : start + 10_000]
        ]  # fmt: skip
        with transaction.atomic():
            request(asked, now)


def states() -> dict[str, int]:
    """Return how many messages are in each state."""
    from django.db.models import Count

    from regulars.messaging.models import Message

    return dict(Message.objects.values_list("state").annotate(n=Count("id")).order_by("state"))


def awake(now: datetime) -> str:
    """Return a country in which one may write at this hour: Iceland, or Fiji on the other side of the world."""
    return "IS" if 8 <= now.hour < 20 else "FJ"


def noon() -> datetime:
    """Return a Monday's noon, at which advertising may go."""
    return datetime(2024, 6, 3, 12, tzinfo=UTC)
