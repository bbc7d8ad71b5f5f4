"""What makes a rendered message good or bad, one rule after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regulars.messaging.templates.checking.colours import contrast
from regulars.messaging.templates.checking.findings import Finding, Severity
from regulars.messaging.templates.checking.page import Page, look
from regulars.messaging.templates.compiling import Rendered
from regulars.messaging.templates.documents import Document, Theme
from regulars.messaging.templates.sms import measure

# Gmail shows the beginning of a longer mail and hides the rest, with the link to unsubscribe, behind "view entire message".
CLIPPED, NEARLY_CLIPPED = 102_000, 80_000
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
MOST_SEGMENTS = 3
SCHEMES = ("https://", "http://", "mailto:", "tel:")


@dataclass(frozen=True)
class Case:
    """A message that was rendered for a look."""

    document: Document
    theme: Theme
    sample: Mapping[str, Any]
    rendered: Rendered

    @property
    def place(self) -> str:
        return f"({self.rendered.locale})"


def mail(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with a mail."""
    body, page = f"body {case.place}", look(case.rendered.html)
    if not case.rendered.subject:
        yield Finding(Severity.ERROR, f"subject {case.place}", "The subject is empty; write one.")
    if case.document.message_class == "marketing":
        yield from _lawful(case, page, body)
    yield from _size(len(case.rendered.html.encode()), body)
    yield from _links(page, body)
    for source in dict.fromkeys(page.without_alt):
        yield Finding(
            Severity.WARNING,
            body,
            f"The picture {source or 'without address'} has no alt text; say in a few words what it shows.",
        )
    yield from _contrasts(page, body)
    for tag in dict.fromkeys(page.unwelcome):
        yield Finding(Severity.WARNING, body, f"Mail programs drop <{tag}>; take it out.")


def _lawful(case: Case, page: Page, body: str) -> Iterator[Finding]:
    address = case.sample.get("unsubscribe_url")
    if not address or all(link != address for link, _ in page.links):
        yield Finding(
            Severity.ERROR,
            body,
            "A marketing mail needs a link to unsubscribe: use {% render 'unsubscribe_footer' %} or link to {{ unsubscribe_url }}.",
        )
    if not case.theme.postal_address:
        yield Finding(
            Severity.ERROR, "theme", "A marketing mail needs a postal address; write the shop's into the theme."
        )
    elif " ".join(case.theme.postal_address.split()) not in page.words:
        yield Finding(
            Severity.ERROR,
            body,
            "A marketing mail must show the shop's postal address: put {{ theme.postal_address }} at its end.",
        )


def _size(size: int, body: str) -> Iterator[Finding]:
    if size > CLIPPED:
        yield Finding(
            Severity.ERROR, body, f"The mail has {size // 1000} kB; Gmail cuts it off at 102 kB, so make it shorter."
        )
    elif size > NEARLY_CLIPPED:
        yield Finding(
            Severity.WARNING,
            body,
            f"The mail has {size // 1000} kB; Gmail cuts off at 102 kB, and longer data may get there.",
        )


def _links(page: Page, body: str) -> Iterator[Finding]:
    for address, text in dict.fromkeys(page.links):
        if not address or address == "#":
            yield Finding(
                Severity.ERROR, body, f"The link “{text}” leads nowhere; give it an address that begins with https://."
            )
        elif not address.lower().startswith(SCHEMES):
            yield Finding(
                Severity.ERROR,
                body,
                f"The link “{text}” leads to {address[:60]}; only https, http, mailto and tel work in mails.",
            )


def _contrasts(page: Page, body: str) -> Iterator[Finding]:
    seen = set()
    for piece in page.shown:
        if piece.colour is None or piece.background is None or (piece.colour, piece.background) in seen:
            continue
        seen.add((piece.colour, piece.background))
        ratio = contrast(piece.colour, piece.background)
        if ratio < LEAST_CONTRAST:
            yield Finding(
                Severity.WARNING,
                body,
                f"“{piece.text[:40]}” is hard to read: its contrast is {ratio:.1f}, and 4.5 is the least; choose a darker or lighter colour.",
            )


def sms(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with an SMS."""
    where, size = f"text {case.place}", measure(case.rendered.text)
    if not size.segments:
        yield Finding(Severity.ERROR, where, "The message is empty; write one.")
    if size.beyond:
        yield Finding(
            Severity.HINT,
            where,
            f"{', '.join(size.beyond)} is not in the alphabet of SMS, so only 70 signs fit into one message instead of 160.",
        )
    if size.segments > MOST_SEGMENTS:
        yield Finding(Severity.WARNING, where, f"It is sent and paid as {size.segments} messages; make it shorter.")
    if case.document.message_class == "marketing":
        address = case.sample.get("unsubscribe_url")
        if "stop" not in case.rendered.text.lower() and (not address or address not in case.rendered.text):
            yield Finding(
                Severity.ERROR,
                where,
                "A marketing SMS must say how to end them: add “Reply STOP to end” or {{ unsubscribe_url }}.",
            )
