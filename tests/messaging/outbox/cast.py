"""A provider that does as it is told, a gate that says what a test wants, and messages to Ann, Bo, Cleo and Dov."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction

from regulars.messaging.letters import Dot, Letter, Outcome, State
from regulars.messaging.models import Message
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import Decision, Delivery
from regulars.messaging.outbox.holding import Held

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
ANN, BO, CLEO, DOV = 1, 2, 3, 4


@dataclass
class Clock:
    """A clock that stands until somebody moves it."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Provider:
    """A channel that keeps what it accepts, and answers by the script: outcomes by customer's address, for each try in turn."""

    script: dict[str, list[Outcome]] = field(default_factory=dict)
    name: str = "provider"
    channel: str = "email"
    is_idempotent: bool = False
    lanes: int = 1
    accepted: list[str] = field(default_factory=list)

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        for letter in letters:
            says = (self.script.get(letter.to) or [Outcome(State.SENT, code="250", provider_id="q1")]).pop(0)
            if says.state == State.DEFERRED and says.code == "connect":
                yield letter.key, says
                continue
            if letter.key not in dot([letter.key]):
                continue
            if says.state in (State.SENT, State.UNKNOWN):
                self.accepted.append(letter.to)
            yield letter.key, says


@dataclass
class Rule:
    """A gate with a list of decisions by customer, and one of last words."""

    said: dict[int, Decision] = field(default_factory=dict)
    last: dict[int, str] = field(default_factory=dict)
    wait: dict[int, Decision] = field(default_factory=dict)

    def decisions(self, held: Sequence[Held], now: datetime) -> Sequence[Decision]:
        return [self.said.get(one.customer_id, Decision("send")) for one in held]

    def last_word(self, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
        return {one.key: self.last[one.customer_id] for one in held if one.customer_id in self.last}

    def not_yet(self, held: Sequence[Held], now: datetime) -> Mapping[str, Decision]:
        return {one.key: self.wait[one.customer_id] for one in held if one.customer_id in self.wait}


class Writer:
    """Writes a letter to everybody but those whose template is called broken."""

    def letters(self, held: Sequence[Held], now: datetime) -> Iterator[tuple[Held, Letter | str]]:
        for one in held:
            if one.template == "broken":
                yield one, "line 3: the tag is not closed"
            else:
                yield one, letter(one)


def letter(one: Held) -> Letter:
    return Letter(
        key=one.key, channel=one.channel, is_marketing=one.is_marketing, to=address(one.customer_id), created_at=NOW
    )


def address(customer: int) -> str:
    return f"customer{customer}@example.com"


def ask(*customers: int, **more: object) -> None:
    """Ask for a message to each of these customers."""
    asked = {"name": "news", "occurrence": "june", "channel": "email", "template": "news"} | more
    with transaction.atomic():
        request([Request(customer_id=one, **asked) for one in customers], NOW)  # type: ignore[arg-type]


def delivery(provider: Provider, clock: Clock, rule: Rule | None = None, worker: str = "me:1:a") -> Delivery:
    return Delivery({provider.channel: provider}, rule or Rule(), Writer(), clock, worker)


def states() -> dict[int, str]:
    """Return each customer's newest message's state."""
    return dict(Message.objects.order_by("id").values_list("customer_id", "state"))
