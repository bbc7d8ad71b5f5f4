"""A small shop with a list of everybody, a brand that may send, and what its campaigns' tests do again and again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from regulars import loop
from regulars.campaigns import api as campaigns
from regulars.consent import api as consent
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerUpdated
from regulars.events.kinds.messages import MessageClicked
from regulars.messaging import api as messaging
from regulars.messaging.models import Message
from regulars.messaging.templates import SAMPLE_THEME
from regulars.profiles import api as profiles
from regulars.segments import api as segments

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
EVERYBODY: dict[str, Any] = {"all": []}
LETTER: dict[str, Any] = {
    "name": "letter",
    "title": "The letter",
    "audience": {"list": "all"},
    "template": "newsletter",
}
ARMS = [{"name": "a", "share": 50, "subject": "Tea"}, {"name": "b", "share": 50, "subject": "Coffee"}]


def open_shop(people: int, now: datetime = NOW, **attributes: Any) -> None:
    """Let people of consent come in, with a list of them all, which asks nothing of the lake; attributes is what all of them told."""
    messaging.put_brand(messaging.Letterhead(SAMPLE_THEME), now)
    told = [
        events.Told(fact=fact, source="world", occurred_at=now - timedelta(days=9), people=person(n))
        for n in range(1, people + 1)
        for fact in (
            CustomerUpdated(version=f"v{n}", **{"country": "DE", "timezone": "Europe/Berlin", **attributes}),
            events.ConsentGiven(channel="email", method="form", text="Yes", text_version="1"),
        )
    ]
    events.append(told, now)
    loop.sequence(now)
    for project in (profiles.project, consent.project):
        project(now)
    campaigns.upload("all", "\n".join(person(n)["email"] for n in range(1, people + 1)), "ann", now)


def keep_segment(now: datetime = NOW) -> None:
    """Add a segment of everybody, and count it."""
    segments.put(segments.Draft("all", "Everybody", EVERYBODY, {}), "ann", now)
    segments.run_once(now)


def person(n: int) -> dict[str, str]:
    return {"id": f"c{n}", "email": f"c{n}@example.com"}


def keep(now: datetime = NOW, **changes: Any) -> None:
    campaigns.put({name: value for name, value in {**LETTER, **changes}.items() if value is not None}, "ann", now)


def tick(now: datetime) -> None:
    """Run everything that a tick runs, at an instant that the sender's clock shows too; twice, so that the log hears of what went."""
    for _ in range(2):
        for worker in (*loop.WORKERS.values(), *loop.DECIDERS.values()):
            worker(now)
        messaging.send(now, lambda: now)


def asked(name: str = "letter/1") -> list[int]:
    """Return the customers for whom a message of this name was asked, each as often as it was."""
    return sorted(Message.objects.filter(name=name).values_list("customer_id", flat=True))


def states(name: str = "letter/1") -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Message.objects.filter(name=name).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def click(customers: list[int], name: str, now: datetime, is_machine: bool = False) -> None:
    """Let these customers follow a link of their message."""
    keys = dict(Message.objects.filter(name=name).values_list("customer_id", "key"))
    facts = [
        events.Told(
            fact=MessageClicked(
                message_key=keys[one], channel="email", is_marketing=True, campaign=name, provider_event=f"{name}{one}{is_machine}",
                is_machine=is_machine,
            ),
            source="world", occurred_at=now, people={"customer": str(one)},
        )
        for one in customers
    ]  # fmt: skip
    events.append(facts, now)


def edition(number: int = 1, name: str = "letter") -> campaigns.EditionTold:
    return next(one for one in campaigns.editions(name) if one.number == number)
