"""The letterhead: how the shop's messages look, and whom they say they are from."""

import re
from dataclasses import dataclass

from regulars.messaging.templates import BadTemplate, Theme

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")
# What phones show as the sender: a number, or a name of at most eleven letters (3GPP TS 23.040, 9.1.2.5).
CALLER = re.compile(r"\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|\d{3,8}")


@dataclass(frozen=True)
class Letterhead:
    """The theme with the addresses beside it: sender and reply_to are e-mail addresses, sms_sender a number or a short name.

    Each may be blank: then the route's own is used.
    """

    theme: Theme
    sender: str = ""
    reply_to: str = ""
    sms_sender: str = ""

    def __post_init__(self) -> None:
        for what, address in (("sender", self.sender), ("address for answers", self.reply_to)):
            if address and not ADDRESS.fullmatch(address):
                raise BadTemplate(f"the {what} is {address!r}; write an e-mail address such as hello@shop.example")
        if self.sms_sender and not CALLER.fullmatch(self.sms_sender):
            raise BadTemplate(
                f"the sender of texts is {self.sms_sender!r}; write a number such as +4915112345678, or a name of at most "
                "eleven letters and digits"
            )
        for what, line in (("sender's name", self.theme.sender_name), ("postal address", self.theme.postal_address)):
            if not line.isprintable():
                raise BadTemplate(f"the {what} has line ends or control signs; write it on one line")
