"""Where letters come from: the address or number is the route's, for a provider sends only for those that it knows. What the
sender is called, and where answers go, is the brand's."""

from collections.abc import Iterator, Mapping, Sequence

from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.channels.mails.addresses import Unsendable, mailbox
from regulars.messaging.letters import Channel, Dot, Letter, Outcome

SENDER = "sender"


def named(channel: Channel, settings: Mapping[str, str]) -> Channel:
    """Return a channel whose letters come from the route's address or number."""
    sender = settings.get(SENDER, "")
    return Named(channel, sender) if sender else channel


def checked(settings: Mapping[str, str]) -> None:
    """Refuse a mail's sender that is no address, or one that a DKIM signature would not speak for: DMARC wants both to be
    of one domain (RFC 7489, 3.1.1).

    >>> checked({"sender": "shop@news.kessel.example", "dkim_domain": "kessel.example"})
    >>> checked({"sender": "shop@kessel.example", "dkim_domain": "sender.example"})
    Traceback (most recent call last):
    regulars.messaging.channels.http_lane.BadRoute: Mails come from kessel.example and are signed for sender.example, so mailboxes \
would not believe the signature (DMARC); sign for the sender's domain.
    """
    sender, signed = settings.get(SENDER, ""), settings.get("dkim_domain", "").lower()
    try:
        domain = mailbox(sender).rpartition("@")[2].lower()
    except Unsendable:
        raise BadRoute("Mails come from one e-mail address, like shop@example.com.") from None
    if signed and _organisation(domain) != _organisation(signed):
        raise BadRoute(
            f"Mails come from {domain} and are signed for {signed}, so mailboxes would not believe the signature (DMARC); "
            "sign for the sender's domain."
        )


def _organisation(domain: str) -> list[str]:
    """Return the last two labels; where a country has more for everybody, too much is let pass and nothing refused wrongly."""
    return domain.split(".")[-2:]


class Named:
    """A channel that puts its route's sender on each letter."""

    def __init__(self, inner: Channel, sender: str) -> None:
        self.inner = inner
        self._sender = sender
        self.name, self.channel = inner.name, inner.channel
        self.is_idempotent, self.lanes = inner.is_idempotent, inner.lanes

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        """Hand letters over by the channel within."""
        return self.inner.deliver([letter.changed(sender=self._sender) for letter in letters], dot)
