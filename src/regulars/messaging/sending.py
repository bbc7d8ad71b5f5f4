"""The shop's own way of sending: its routes, its gate with its limits, its templates, its links; asked anew for each tick, so that a change
counts from the next one on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.consent import api as consent
from regulars.core.settings import base_url, current
from regulars.events import api as events
from regulars.messaging import compliance
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.channels.push.channel import SUBSCRIPTION
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
    routes, held_to, zone = channels(), limits(), events.timezone()
    base = base_url(current())
    ways = Ways(base)
    writer = Writer(ways.unsubscribe_url, ways.preferences_url, ways.headers)
    is_pushed = getattr(routes.get("push"), "name", "") == "webpush"
    shop_gate = ShopGate(held_to.rules(zone), hooks(), Usages(held_to, zone), breaker.stopped)
    return Delivery(routes, shop_gate, Posted(writer, base, held_to.counts_opens, is_pushed), clock)


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
        yield from ((one, _to_browser(letter, opened)) for one, letter in written) if opened else written

    def _posted(self, letter: Letter | str, links: Links) -> Letter | str:
        if isinstance(letter, str) or not (letter.is_marketing and letter.channel == "email"):
            return letter
        html, text = links.tracked(letter.page, letter.text, letter.key, self.counts_opens)
        return letter.changed(html=html, text=text)


def _to_browser(letter: Letter | str, opened: Mapping[str, str]) -> Letter | str:
    """Return a letter with the subscription behind its address, which is kept nowhere else in the open."""
    if isinstance(letter, str) or letter.to not in opened:
        return letter
    return letter.changed(headers={**letter.headers, SUBSCRIPTION: opened[letter.to]})


class Ways:
    """The ways out of messages, and to what their readers chose: of one message each is made once, though it stands in the words
    and in the head."""

    def __init__(self, base: str) -> None:
        self._base, self._tokens = base, consent.Tokens()
        self._domain = compliance.domain_of(base)
        self._last: tuple[Held | None, str] = (None, "")

    def unsubscribe_url(self, held: Held, to: str) -> str:
        """Return where a marketing message is left; blank for any other."""
        if not held.is_marketing or not held.customer_id:
            return ""
        if self._last[0] is not held:
            token = self._tokens.unsubscribe(held.customer_id, held.channel, held.topic, held.key)
            self._last = (held, f"{self._base}/u/{token}")
        return self._last[1]

    def preferences_url(self, held: Held, to: str) -> str:
        """Return where somebody says what they want to hear of."""
        return f"{self._base}/p/{self._tokens.preference(held.customer_id, to)}"

    def headers(self, held: Held, to: str) -> Mapping[str, str]:
        """Return what a marketing mail carries in its head; nothing for any other message."""
        url = self.unsubscribe_url(held, to) if held.channel == "email" else ""
        return compliance.headers_by(url, (held.name, held.topic, self._domain, "")) if url else {}
