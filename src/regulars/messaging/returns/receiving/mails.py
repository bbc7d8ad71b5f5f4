"""Mails that came in: bounces, complaints, machines' answers, and somebody who wrote back."""

from datetime import datetime

from regulars.messaging.returns.mail.reading import read_mail
from regulars.messaging.returns.receiving import taking
from regulars.messaging.returns.receiving.taking import Taken


def receive_mail(raw: bytes, now: datetime) -> Taken:
    """Take a mail in (RFC 5322), as receive does with a request; raise CannotRead for what is none.

    Nobody signs mails, so only one that names a message by its key has consequences; told twice, it changes nothing.
    """
    return taking.take(read_mail(raw, now), taking.By("mail"), now)
