"""A channel that waits for its provider holds up no other: what is due there, or becomes due meanwhile, goes."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from regulars.messaging.letters import Channel, Dot, Letter, Outcome, State
from regulars.messaging.models import Message
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once
from tests.messaging.outbox.cast import ANN, BO, CLEO, NOW, Clock, Provider, Rule, Writer, address, ask, states

pytestmark = pytest.mark.django_db
LONG = 20  # seconds after which a test gives up


@dataclass
class Meeting(Provider):
    """A provider that does something when a letter is behind its dot, before it answers."""

    then: Callable[[Letter], None] = lambda letter: None
    channel: str = "sms"

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        for letter in letters:
            yield from super().deliver([letter], self._asking(letter, dot))

    def _asking(self, letter: Letter, dot: Dot) -> Dot:
        def asking(keys: Sequence[str]) -> frozenset[str]:
            going = dot(keys)
            self.then(letter)
            return going

        return asking


@dataclass
class Stalled(Provider):
    """A provider that answers only when it is let go; stands tells that a letter is in its hands."""

    stands: threading.Event = field(default_factory=threading.Event)
    goes: threading.Event = field(default_factory=threading.Event)

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        for letter in letters:
            going = dot([letter.key])
            self.stands.set()
            assert self.goes.wait(LONG)
            if letter.key in going:
                self.accepted.append(letter.to)
                yield letter.key, Outcome(State.SENT, code="250")


def both(slow: Channel, quick: Channel, rule: Rule | None = None, clock: Clock | None = None) -> Delivery:
    return Delivery({"email": slow, "sms": quick}, rule or Rule(), Writer(), clock or Clock(), "me:1:a")


def state(customer: int, channel: str) -> str:
    return Message.objects.get(customer_id=customer, channel=channel).state


def test_a_channel_that_stalls_lets_another_ones_messages_arrive() -> None:
    ask(ANN, BO)
    ask(CLEO, channel="sms")
    slow = Stalled()

    def arrived(letter: Letter) -> None:
        assert slow.stands.wait(LONG)
        assert not slow.accepted  # it still waits, and this one has arrived
        slow.goes.set()

    quick = Meeting(then=arrived)
    assert run_once(NOW, both(slow, quick)) == 3
    assert quick.accepted == [address(CLEO)]
    assert (slow.accepted, states()) == ([address(ANN), address(BO)], {ANN: "sent", BO: "sent", CLEO: "sent"})


def test_what_becomes_due_while_a_channel_stalls_goes_by_the_others() -> None:
    ask(ANN)
    slow, clock = Stalled(), Clock()

    class AskedMeanwhile(Rule):
        """A gate that somebody asks for a text while the mail is being decided on."""

        is_asked = False

        def decisions(self, held, now):  # type: ignore[no-untyped-def]
            if not self.is_asked:
                self.is_asked = True
                ask(BO, channel="sms")
            return super().decisions(held, now)

    quick = Meeting(then=lambda letter: slow.goes.set())
    assert run_once(NOW, both(slow, quick, AskedMeanwhile(), clock)) == 2
    assert (quick.accepted, slow.accepted) == ([address(BO)], [address(ANN)])


def test_both_wait_at_the_same_time() -> None:
    ask(ANN)
    ask(BO, channel="sms")
    together = threading.Barrier(2)
    mail = Meeting(channel="email", then=lambda letter: together.wait(LONG) and None)
    text = Meeting(then=lambda letter: together.wait(LONG) and None)
    assert run_once(NOW, both(mail, text)) == 2
    assert states() == {ANN: "sent", BO: "sent"}


def test_what_competes_with_a_busy_channels_message_is_decided_on_with_it_and_waits_untouched() -> None:
    ask(ANN)
    slow, seen = Stalled(), []

    class Watching(Rule):
        is_asked = False

        def decisions(self, held, now):  # type: ignore[no-untyped-def]
            seen.append(sorted((one.customer_id, one.channel) for one in held))
            if not self.is_asked:
                self.is_asked = True
                ask(BO, occurrence="july")
                ask(BO, channel="sms")
            return super().decisions(held, now)

    def waits(letter: Letter) -> None:
        slow.goes.set()

    run_once(NOW, both(slow, Meeting(then=waits), Watching()))
    assert seen[:2] == [[(ANN, "email")], [(BO, "email"), (BO, "sms")]]
    assert slow.accepted == [address(ANN), address(BO)]
    assert Message.objects.get(customer_id=BO, channel="email").attempts == 1


def test_what_is_known_is_written_while_the_rest_of_its_batch_still_waits() -> None:
    ask(ANN, BO)
    ask(CLEO, channel="sms")
    seen: list[str] = []

    class Half(Stalled):
        """Answers on the first letter, and stalls on the second."""

        def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
            dot([letter.key for letter in letters])
            yield letters[0].key, Outcome(State.SENT, code="250")
            assert self.goes.wait(LONG)
            yield letters[1].key, Outcome(State.SENT, code="250")

    slow, text = Half(), Provider(channel="sms")

    class Looking(Clock):
        """Every look for more asks the time."""

        def __call__(self):  # type: ignore[no-untyped-def]
            seen.append(state(ANN, "email"))
            if seen[-1] == "sent":
                slow.goes.set()
            return super().__call__()

    run_once(NOW, both(slow, text, clock=Looking()))
    assert "sent" in seen
    assert states() == {ANN: "sent", BO: "sent", CLEO: "sent"}


class Broken(Provider):
    """A channel that raises, which none may do."""

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        raise RuntimeError("the channel is broken")
        yield


def test_a_channel_that_breaks_is_told_of_when_the_others_are_done() -> None:
    ask(ANN)
    ask(BO, channel="sms")
    quick = Provider(channel="sms")
    with pytest.raises(RuntimeError, match="the channel is broken"):
        run_once(NOW, both(Broken(), quick))
    assert (state(ANN, "email"), state(BO, "sms")) == ("leased", "sent")


def test_hands_go_nowhere_when_the_database_fails() -> None:
    ask(ANN)
    ask(BO, channel="sms")
    mail, text = Provider(), Provider(channel="sms")

    class Away(Rule):
        def last_word(self, held, now):  # type: ignore[no-untyped-def]
            raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        run_once(NOW, both(mail, text, Away()))
    for thread in threading.enumerate():
        if thread.name == "hand of provider":
            thread.join(LONG)
            assert not thread.is_alive()
    assert mail.accepted == text.accepted == []


def test_the_gates_last_word_and_its_reasons_hold_side_by_side_too() -> None:
    ask(ANN, BO)
    ask(CLEO, channel="sms")
    mail, text = Provider(), Provider(channel="sms")
    run_once(NOW, both(mail, text, Rule({CLEO: Decision("refuse", "no_consent")}, last={BO: "withdrawn"})))
    assert states() == {ANN: "sent", BO: "refused", CLEO: "refused"}
    assert (mail.accepted, text.accepted) == ([address(ANN)], [])
