"""STOP, START and HELP by phone: at once, for the number that wrote, and with one answer each."""

import hashlib
from datetime import datetime, timedelta

from regulars.consent import api as consent
from regulars.messaging.models import Message
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.returns.returned import Returned
from regulars.messaging.returns.rules.answers import Answer
from regulars.profiles import api as profiles

PHONES = ("sms", "whatsapp")
# A confirmation that comes days later is none; the carriers want it within five minutes.
WORTH = timedelta(hours=1)
STOPPED, STARTED, HELPED = "sms_stop_confirmation", "sms_start_confirmation", "sms_help"
meaning, Meaning = consent.keywords.meaning, consent.keywords.Meaning


def is_by_phone(returned: Returned) -> bool:
    """Say whether an answer came from a number that its provider vouches for."""
    return returned.channel in PHONES and bool(returned.address)


def last_message(returned: Returned) -> Message | None:
    """Return the message that a number answers, where it quotes none: the last one that went there."""
    known = profiles.known({"phone": returned.address})
    went = Message.objects.filter(
        customer_id__in=known, channel=returned.channel, to=returned.address, dot_at__isnull=False
    )
    return went.order_by("-id").first()


def answer(returned: Returned, by: str, speaks: bool, now: datetime) -> None:
    """Do what a number asks for, in the caller's transaction; told again it does nothing. speaks: whether we answer."""
    wish = _wish(returned)
    known = profiles.known({"phone": returned.address})
    speaks = speaks and bool(known) and returned.channel == "sms"
    if wish is Answer.STOP:
        was_stopped, is_new = _is_stopped(known, returned), _stop(returned, by)
        if speaks and is_new and not was_stopped and _is_stopped(known, returned):
            _say(STOPPED, known[0], returned, now)
    elif wish is Answer.START and known:
        was_stopped, is_new = _is_stopped(known, returned), _start(known[0], returned, by)
        if speaks and is_new and was_stopped and not _is_stopped(known, returned):
            _say(STARTED, known[0], returned, now)
    elif wish is Answer.HELP and speaks:
        _say(HELPED, known[0], returned, now)


def _wish(returned: Returned) -> Answer:
    """Return what is asked for: by the words of many languages, else by what the provider understood.

    A provider that takes YES for START does not make a consent of it: YES answers many questions.
    """
    said = meaning(returned.text)
    if said.is_revocation or returned.answer is Answer.STOP:
        return Answer.STOP
    if said is Meaning.START or (returned.answer is Answer.START and not returned.text):
        return Answer.START
    return Answer.HELP if said is Meaning.HELP or returned.answer is Answer.HELP else Answer.OTHER


def _stop(returned: Returned, by: str) -> bool:
    return consent.withdraw({"phone": returned.address}, _statement(returned, by), returned.at).is_new


def _start(customer: int, returned: Returned, by: str) -> bool:
    """Record the consent of somebody known; of a stranger who texts START nobody knows to what."""
    return consent.give(customer, _statement(returned, by), returned.at).is_new


def _statement(returned: Returned, by: str) -> consent.Statement:
    is_text = returned.channel == "sms"
    return consent.Statement(
        channel=returned.channel,
        method=consent.Method.SMS_KEYWORD if is_text else consent.Method.REPLY,
        text=returned.text[:200] or returned.word,
        text_version="sms_keyword" if is_text else "reply",
        source=by,
        proof={"event": _digest(returned)},
        event_id=f"answer-{_digest(returned)}",
    )


def _is_stopped(customers: list[int], returned: Returned) -> bool:
    """Say whether these people have left the channel by a word of theirs that stands; they are held until the commit."""
    held = [heir for one in customers if (heir := profiles.heir(one)) is not None]
    way = _statement(returned, "").method
    return any(
        (one.channel, one.topic, one.method, one.state) == (returned.channel, "", way, consent.State.WITHDRAWN)
        for customer in held
        for one in consent.choices_of(customer)
    )


def _say(template: str, customer: int, returned: Returned, now: datetime) -> None:
    """Ask for the answer: about this event, so that it is asked for once; help once a day, so that two machines do not talk."""
    occurrence = f"{returned.at:%Y-%m-%d}" if template == HELPED else _digest(returned)
    asked = Request(
        customer_id=customer,
        name=template,
        occurrence=occurrence,
        channel=returned.channel,
        template=template,
        is_marketing=False,
        strength=100,
        good_until=now + WORTH,
    )
    request([asked], now)


def _digest(returned: Returned) -> str:
    return hashlib.sha256(f"{returned.provider}\x1f{returned.event_id}".encode()).hexdigest()[:32]
