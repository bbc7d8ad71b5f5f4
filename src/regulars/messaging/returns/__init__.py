"""What comes back about messages: requests and mails of providers, proven, read and told as facts; clicks and opens; the breaker.

Nothing here keeps anything: the caller stores the raw body first, then asks `doors` by the provider's name to verify and read.
"""

from regulars.messaging.returns.facts import About, fact_of, touch_of
from regulars.messaging.returns.links import Leading, target_of, track_links, with_pixel
from regulars.messaging.returns.mail.reading import read_mail
from regulars.messaging.returns.phones.whatsapp import challenge
from regulars.messaging.returns.returned import BadSignature, CannotRead, Kind, RawRequest, Returned
from regulars.messaging.returns.rules import breaker, machine
from regulars.messaging.returns.rules.answers import Answer, answer_of
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.table import Door, doors

__all__ = [
    "About",
    "Answer",
    "BadSignature",
    "Bounce",
    "CannotRead",
    "Door",
    "Kind",
    "Leading",
    "RawRequest",
    "Returned",
    "answer_of",
    "breaker",
    "challenge",
    "doors",
    "fact_of",
    "machine",
    "read_mail",
    "target_of",
    "touch_of",
    "track_links",
    "with_pixel",
]
