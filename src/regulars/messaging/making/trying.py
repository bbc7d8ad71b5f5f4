"""Looking at a template before anybody gets it: a preview, the check, and a letter to oneself."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.messaging import templates
from regulars.messaging.blocks import rows as blocks
from regulars.messaging.browsers import keeping as browsers
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.channels.push.channel import SUBSCRIPTION
from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.making.brands import brand
from regulars.messaging.making.carrying import carried
from regulars.messaging.making.letterheads import ADDRESS, Letterhead
from regulars.messaging.making.samples import sample_data
from regulars.messaging.making.written import document_json
from regulars.messaging.templates import BadData, Document, Finding, Rendered

NO_BROWSER = "push:"
_PHONE = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class Look:
    """How to look at a template: with a customer's data or a sample's, in a language or the customer's own, on a letterhead or
    the brand's, with some shared blocks or the live ones."""

    customer: int | None = None
    locale: str = ""
    letterhead: Letterhead | None = None
    shared: Mapping[str, str] | None = None


def preview(document: Document, look: Look, now: datetime) -> Rendered:
    """Write a document, kept or not, as its reader would get it; raise Refused. Keeps and sends nothing."""
    letterhead = look.letterhead or brand()
    data = sample_data(document.name, now, look.customer)
    locale = look.locale or (data["customer"]["language"] if look.customer is not None else "")
    shared = blocks.live() if look.shared is None else look.shared
    return templates.compile(templates.joined(document, shared), letterhead.theme).render(data, locale)


def findings(document: Document, now: datetime) -> list[Finding]:
    """Return what is to be put right in a document, kept or not, on today's brand with sample data; errors first."""
    joined = templates.joined(document, blocks.live())
    return templates.check(joined, brand().theme, sample_data(document.name, now))


def send_test(document: Document, to: str, look: Look, channel: Channel, now: datetime) -> Outcome:
    """Hand one letter of a document to a channel, past the outbox and its gate: `to` is whoever asked to see it, for a
    notification one of the browsers that joined.

    Raises Refused for an address that is none and for what cannot be written. Its subject, or its text, says that it is a test.
    """
    to = _address(document.channel, to)
    words = carried(document.channel, preview(document, look, now))
    letterhead = look.letterhead or brand()
    is_mail = document.channel == "email"
    letter = Letter(
        key=_key(document, to, now),
        channel=document.channel,
        is_marketing=False,
        to=to,
        sender_name=letterhead.theme.sender_name,
        reply_to=letterhead.reply_to if is_mail else "",
        subject=f"[Test] {words.subject}" if words.subject else "",
        text=words.text if words.subject or words.headers else f"[Test] {words.text}",
        headers={**words.headers, **_behind(document.channel, to, channel)},
        html=words.page,
        created_at=now,
    )
    for _, outcome in channel.deliver([letter], frozenset):
        return outcome
    return Outcome(State.FAILED, f"{channel.name} said nothing")


def _address(channel: str, to: str) -> str:
    if channel == "push":
        return to.strip() or NO_BROWSER
    written = to.strip().lower() if channel == "email" else re.sub(r"[\s()./-]", "", to)
    if not (ADDRESS if channel == "email" else _PHONE).fullmatch(written):
        form = "an e-mail address such as ann@example.com" if channel == "email" else "a number such as +4915112345678"
        raise BadData(f"the test goes to {to.strip()[:80]!r}; write {form}")
    return written


def _behind(channel: str, to: str, by: Channel) -> dict[str, str]:
    """Return the subscription behind a browser's address, for a channel that sends there; the drawer keeps none."""
    if channel != "push" or by.name == Drawer.name:
        return {}
    if not (behind := browsers.opened([to])):
        raise BadData("this browser is not here, or no longer; choose one that has joined")
    return {SUBSCRIPTION: behind[to]}


def _key(document: Document, to: str, now: datetime) -> str:
    whole = "\x1f".join(("test", document_json(document), to, now.isoformat()))
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()
