"""How each channel carries a message's words: as subject, text and HTML, or in headers that the channel reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from regulars.messaging.channels import whatsapp
from regulars.messaging.channels.push.channel import LINK
from regulars.messaging.templates import Rendered
from regulars.messaging.templates.markup.anchors import Pieces


@dataclass(frozen=True)
class Carried:
    """A letter's words."""

    subject: str
    text: str
    page: str | Pieces  # the HTML
    headers: Mapping[str, str] = field(default_factory=dict)


def carried(channel: str, words: Rendered) -> Carried:
    """Return a message's words as its channel takes them.

    >>> words = Rendered("order_update", "Ann\\n1042", "", "en", "en_US")
    >>> carried("whatsapp", words).headers["X-WhatsApp-Parameters"]
    '["Ann", "1042"]'
    >>> carried("push", Rendered("Today", "Your parcel comes.", "", "en", "https://shop.example/p")).headers
    {'X-Push-Link': 'https://shop.example/p'}
    """
    if channel == "whatsapp" and words.subject:
        parameters = words.text.split("\n") if words.text else []
        headers = {
            whatsapp.TEMPLATE: words.subject,
            whatsapp.LANGUAGE: words.beside,
            whatsapp.PARAMETERS: json.dumps(parameters, ensure_ascii=False),
        }
        return Carried("", words.text, "", headers)
    headers = {LINK: words.beside} if channel == "push" and words.beside else {}
    return Carried(words.subject, words.text, words.page, headers)
