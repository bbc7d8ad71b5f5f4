"""The shop's own way of sending: its routes, its gate with its limits, its templates, its links; asked anew for each tick, so that a change
counts from the next one on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.consent import api as consent
from regulars.core.settings import base_url, current
from regulars.events import api as events
from regulars.messaging import compliance
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.channels.push.channel import SUBSCRIPTION
from regulars.messaging.compliance import Addressed
from regulars.messaging.control import breaker
from regulars.messaging.control.hooks import hooks
from regulars.messaging.control.limits import limits
from regulars.messaging.control.usage import Usages
from regulars.messaging.letters import Letter
from regulars.messaging.making.writing import Writer
from regulars.messaging.outbox.delivering import Delivery, Renderer, run_once
from regulars.messaging.outbox.gating import ShopGate
from regulars.messaging.outbox.holding import Held
from regulars.messaging.routes.keeping import channels
from regulars.messaging.tracking import Links


def send(now: datetime, clock: Callable[[], datetime]) -> int:
    """Hand over what is due; return how many messages moved. A fenced system sends nothing."""
    if events.is_fenced():
        return 0
    return run_once(now, delivery(clock))


def delivery(clock: Callable[[], datetime]) -> Delivery:
    """Return the shop's delivery as it is set up at this moment."""
    ways, held_to, zone = channels(), limits(), events.timezone()
    base = base_url(current())
    writer = Writer(
        unsubscribe_url=lambda held, to: _link(held, to, base, "unsubscribe_url"),
        preferences_url=lambda held, to: _preferences(held, to, base),
        headers=lambda held, to: compliance.headers_for(_addressed(held, to, base)),
    )
    is_pushed = getattr(ways.get("push"), "name", "") == "webpush"
    shop_gate = ShopGate(held_to.rules(zone), hooks(), Usages(held_to, zone), breaker.stopped)
    return Delivery(ways, shop_gate, Posted(writer, base, held_to.counts_opens, is_pushed), clock)


@dataclass(frozen=True)
class Posted:
    """What the writer wrote, with the links of marketing mails led through us."""

    writer: Renderer
    base: str
    counts_opens: bool = False
    is_pushed: bool = (
        False  # notifications leave for push services, so what stands behind a browser's address is needed
    )

    def letters(self, held: Sequence[Held], now: datetime) -> Iterator[tuple[Held, Letter | str]]:
        """Yield each message with its letter, or with the sentence that says why there is none; the links are stored first."""
        links = Links(self.base)
        written = [(one, self._posted(letter, links)) for one, letter in self.writer.letters(held, now)]
        links.store()
        letters = [letter for _, letter in written if isinstance(letter, Letter) and letter.channel == "push"]
        opened = browsers.opened([one.to for one in letters]) if self.is_pushed else {}
        yield from ((one, _to_browser(letter, opened)) for one, letter in written)

    def _posted(self, letter: Letter | str, links: Links) -> Letter | str:
        if isinstance(letter, str) or not (letter.is_marketing and letter.channel == "email"):
            return letter
        html, text = links.tracked(letter.html, letter.text, letter.key, self.counts_opens)
        return replace(letter, html=html, text=text)


def _to_browser(letter: Letter | str, opened: Mapping[str, str]) -> Letter | str:
    """Return a letter with the subscription behind its address, which is kept nowhere else in the open."""
    if isinstance(letter, str) or letter.to not in opened:
        return letter
    return replace(letter, headers={**letter.headers, SUBSCRIPTION: opened[letter.to]})


def _addressed(held: Held, to: str, base: str) -> Addressed:
    return Addressed(
        key=held.key,
        customer_id=held.customer_id,
        channel=held.channel,
        is_marketing=held.is_marketing,
        base=base,
        topic=held.topic,
        name=held.name,
        to=to,
    )


def _link(held: Held, to: str, base: str, name: str) -> str:
    return compliance.links_for(_addressed(held, to, base)).get(name, "")


def _preferences(held: Held, to: str, base: str) -> str:
    return f"{base}/p/{consent.preference_token(held.customer_id, to)}"
