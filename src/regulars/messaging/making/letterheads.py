"""The letterhead: how the shop's messages look, and what their sender is called."""

import re
from dataclasses import dataclass

from regulars.messaging.templates import BadTemplate, Theme

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")


@dataclass(frozen=True)
class Letterhead:
    """The theme, with the sender's name in it, and where answers to mails go: blank, then to the address they came from.

    That address, or a number, is the route's: a provider sends only for those it knows.
    """

    theme: Theme
    reply_to: str = ""

    def __post_init__(self) -> None:
        if self.reply_to and not ADDRESS.fullmatch(self.reply_to):
            raise BadTemplate(
                f"the address for answers is {self.reply_to!r}; write an e-mail address such as hello@shop.example"
            )
        for what, line in (("sender's name", self.theme.sender_name), ("postal address", self.theme.postal_address)):
            if not line.isprintable():
                raise BadTemplate(f"the {what} has line ends or control signs; write it on one line")
