"""Writes letters for the outbox, a batch at once: one question for all people, one for all templates, then one letter each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.core import faults
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.letters import Letter
from regulars.messaging.making.carrying import carried
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.making.ready import ready
from regulars.messaging.making.samples import person_data, shop_data
from regulars.messaging.outbox.holding import Held
from regulars.messaging.templates import Compiled, Desk, Refused
from regulars.profiles import api as profiles

ADDRESSES: Mapping[str, Callable[[profiles.Attributes], str]] = {
    "email": lambda person: person.email,
    "sms": lambda person: person.phone,
    "whatsapp": lambda person: person.phone,
}


def nothing(person: profiles.Attributes) -> str:
    """Return no address."""
    return ""


SUBJECT = "subject_line"  # among a message's data: its subject, where the template's own is not meant
NOBODY = profiles.Attributes(0, *[""] * (len(profiles.Attributes._fields) - 1))
# What stands in a letter beside its words: made from the message and the address it goes to.
Link = Callable[[Held, str], str]
Headers = Callable[[Held, str], Mapping[str, str]]


@dataclass(frozen=True)
class Writer:
    """The outbox's Renderer. Marketing gets unsubscribe_url as data; everybody gets preferences_url, and the headers."""

    unsubscribe_url: Link
    preferences_url: Link
    headers: Headers

    def letters(self, held: Sequence[Held], now: datetime) -> Iterator[tuple[Held, Letter | str]]:
        """Yield each message with its letter, or with the sentence that says why there is none."""
        if not held:
            return
        people = profiles.attributes(list({one.customer_id for one in held}))
        reached = browsers.addresses(list({one.customer_id for one in held if one.channel == "push" and not one.to}))
        made = ready(one.template for one in held)
        shop = shop_data(made.letterhead, now)
        titled = {about: _titled(made.templates[about[0]], about[1]) for about in dict.fromkeys(map(_about, held))}
        writings = {
            about: one if isinstance(one, str) else _Writing(self, one, one.desk(shop), made.letterhead, reached)
            for about, one in titled.items()
        }
        for one in held:
            writing = writings[_about(one)]
            yield one, writing if isinstance(writing, str) else writing.letter(one, people.get(one.customer_id))


def _about(held: Held) -> tuple[str, str]:
    """Return a message's template, and the subject that it was asked for with in place of the template's own."""
    return held.template, str(held.data.get(SUBJECT, ""))


def _titled(template: Compiled | str, subject: str) -> Compiled | str:
    if isinstance(template, str) or not subject:
        return template
    try:
        return template.retitled(subject)
    except Refused as wrong:
        return f"the subject {subject!r} cannot be used: {wrong}"


@dataclass(frozen=True)
class _Writing:
    """One template on its letterhead, in a batch."""

    writer: Writer
    template: Compiled
    desk: Desk
    letterhead: Letterhead
    reached: Mapping[int, str]

    def letter(self, held: Held, person: profiles.Attributes | None) -> Letter | str:
        if person is None and not held.to:
            return f"nobody is known under the number {held.customer_id}"
        person = person or NOBODY
        # A message that was asked for with an address goes there and nowhere else: it may be somebody new.
        to = held.to or (self.reached.get(held.customer_id, "") if held.channel == "push" else "")
        to = to or ADDRESSES.get(held.channel, nothing)(person)
        if sentence := "no address" if not to else self._unfit(held):
            return sentence
        try:
            return self._written(held, person, to)
        except Refused as wrong:
            return f"the template {held.template} cannot be written with this message's data: {wrong}"
        except Exception as problem:  # noqa: BLE001  one message's trouble must not hold up the others of its batch
            return f"the template {held.template} could not be written; details are in {faults.kept(problem)}"

    def _unfit(self, held: Held) -> str:
        """Return why this template is not for this message, blank when it is."""
        about, name = self.template.document, held.template
        if about.channel != held.channel:
            return f"the template {name} is for {about.channel} and the message for {held.channel}; choose another"
        if (about.message_class == "marketing") != held.is_marketing:
            asked = "marketing" if held.is_marketing else "transactional"
            return f"the template {name} is {about.message_class}, but the message was asked for as {asked}"
        if held.is_marketing and held.channel == "email" and not self.letterhead.theme.postal_address:
            return "a marketing mail needs the shop's postal address; write it on the page Brand"
        return ""

    def _written(self, held: Held, person: profiles.Attributes, to: str) -> Letter:
        about = person_data(person)
        links = {}
        if self.template.mentions("preferences_url"):
            links["preferences_url"] = self.writer.preferences_url(held, to)
        if held.is_marketing and self.template.mentions("unsubscribe_url"):
            links["unsubscribe_url"] = self.writer.unsubscribe_url(held, to)
        own = held.data.get("customer")
        customer = {**own, **about} if isinstance(own, Mapping) else about
        rendered = self.desk.render(
            {**held.data, "customer": customer, **links}, str(held.data.get("locale") or person.language)
        )
        words, is_mail = carried(held.channel, rendered), held.channel == "email"
        return Letter(
            key=held.key,
            channel=held.channel,
            is_marketing=held.is_marketing,
            to=to,
            to_name=about["name"],
            sender_name=self.letterhead.theme.sender_name,
            reply_to=self.letterhead.reply_to if is_mail else "",
            subject=words.subject,
            text=words.text,
            html=words.page,
            headers={**self.writer.headers(held, to), **words.headers},
            created_at=held.created_at,
        )
