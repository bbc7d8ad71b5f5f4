"""Our own tracking: links of letters led through us, the pixel where a shop wants one, and who followed them.

A fetched link is written down as it comes and told when it can be judged: a machine follows several at once. It is a
statistic and no more; nothing here changes a message, a consent or anything that decides.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import transaction

from regulars.core import bulk, sealing
from regulars.core.ids import new_id
from regulars.events import api as events
from regulars.messaging.models import Link, Message, Touch
from regulars.messaging.returns import Leading, machine, target_of, with_pixel
from regulars.messaging.templates.markup.anchors import Pieces

CLICK, OPEN = "click", "open"  # what a token is signed for
SOURCE = "tracking"
BATCH = 1_000
KEPT = timedelta(seconds=30)  # behind its judgement a touch stays for a while: its neighbours are judged by it


@dataclass
class Links:
    """The links of a batch of letters: each letter is given to tracked, then all of them are stored by one statement.

    Nothing that begins with base_url or one of kept is tracked: those are our own pages, the ones to leave by among them.
    A blank base_url tracks nothing.
    """

    base_url: str
    kept: Sequence[str] = ()
    found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._base = self.base_url.rstrip("/")
        self._leading = Leading(self._register, (self._base + "/", *self.kept))
        self._clicks, self._opens = sealing.Signer(CLICK), sealing.Signer(OPEN)

    def tracked(self, html: str | Pieces, text: str, key: str, has_pixel: bool = False) -> tuple[str | Pieces, str]:
        """Return a letter's HTML and text with their links led through us."""
        if not self._base:
            return html, text
        sign, address = self._clicks.sign, f"{self._base}/c/"
        html, text = self._leading.tracked(html, text, lambda link: address + sign(_clicked(key, link)))
        if has_pixel and html:
            html = with_pixel(html, f"{self._base}/o/{self._opens.sign(key)}.gif")
        return html, text

    def store(self) -> int:
        """Make the links lead somewhere, before any letter leaves; return how many there are."""
        return bulk.insert(Link._meta.db_table, ("id", "url"), sorted(self.found.items()))

    def _register(self, url: str) -> str:
        number = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        self.found[number] = url
        return number


def tracked(html: str, text: str, key: str, base_url: str) -> tuple[str | Pieces, str]:
    """Return one letter's HTML and text with their links led through us, and store these."""
    links = Links(base_url)
    written = links.tracked(html, text, key)
    links.store()
    return written


@dataclass(frozen=True)
class Visit:
    """What is known of who fetched something: the user agent, and what the headers about fetching ahead say."""

    user_agent: str = ""
    purpose: str = ""


def target(token: str) -> str | None:
    """Return where a link leads, None for one that is none of ours. Changes nothing."""
    return target_of(token, lambda signed: _read_click(signed)[1], _stored)


def follow(token: str, visit: Visit, now: datetime) -> str | None:
    """Return where a link leads and write down that it was followed."""
    found = target(token)
    if found is not None:
        _touched(*_read_click(token), visit, now)
    return found


def opened(token: str, visit: Visit, now: datetime) -> bool:
    """Write down that a pixel was fetched; return whether it is one of ours."""
    try:
        key = sealing.unsign(token, OPEN)
    except sealing.BadSignature:
        return False
    _touched(key, "", visit, now)
    return True


def run_once(now: datetime) -> int:
    """Tell the log of links followed and pixels fetched, judged with what came within two seconds; return how many."""
    Touch.objects.filter(is_told=True, at__lt=now - KEPT).delete()
    told = 0
    while some := _tell_some(now):
        told += some
    return told


def _tell_some(now: datetime) -> int:
    with transaction.atomic():
        due = Touch.objects.select_for_update().filter(is_told=False, at__lte=now - machine.SETTLES)
        rows = list(due.order_by("id")[:BATCH])
        keys = sorted({row.message_key for row in rows})
        messages = {row.key: row for row in Message.objects.filter(key__in=keys)}
        around = list(Touch.objects.filter(message_key__in=keys))
        verdicts = machine.judge_all([_as_touch(row, messages.get(row.message_key)) for row in around])
        judged = {row.id: verdict for row, verdict in zip(around, verdicts, strict=True)}
        known = [row for row in rows if row.message_key in messages]
        events.append([_told(row, messages[row.message_key], judged[row.id]) for row in known], now)
        Touch.objects.filter(id__in=[row.id for row in rows]).update(is_told=True)
    return len(rows)


def _as_touch(row: Touch, message: Message | None) -> machine.Touch:
    return machine.Touch(
        message_key=row.message_key,
        at=row.at,
        link=row.link,
        user_agent=row.user_agent,
        headers={"purpose": row.purpose},
        delivered_at=(message.delivered_at or message.finished_at) if message else None,
    )


def _told(row: Touch, message: Message, verdict: machine.Verdict) -> events.Told:
    fields: dict[str, object] = {
        "message_key": row.message_key,
        "channel": message.channel,
        "is_marketing": message.is_marketing,
        "campaign": message.name,
        "template": message.template,
        "provider_event": row.name,
        "is_machine": verdict.is_machine,
        **({"machine_reason": verdict.reason} if verdict.is_machine else {}),
        **({"link": row.link} if row.link else {}),
    }
    who: Mapping[str, str] = {"customer": str(message.customer_id)} if message.customer_id > 0 else {}
    kind = "message.clicked" if row.link else "message.opened"
    return events.Told(fact=events.read(kind, fields), source=SOURCE, occurred_at=row.at, event_id=row.name, people=who)


def _touched(key: str, link: str, visit: Visit, now: datetime) -> None:
    told = {
        name: value.replace("\0", "") for name, value in (("user_agent", visit.user_agent), ("purpose", visit.purpose))
    }
    Touch.objects.create(
        name=new_id(now),
        message_key=key,
        link=link,
        user_agent=told["user_agent"][:500],
        purpose=told["purpose"][:100],
        at=now,
    )


def _stored(link: str) -> str | None:
    return Link.objects.filter(id=link).values_list("url", flat=True).first()


def _clicked(key: str, link: str) -> str:
    """Return a message's and a link's number in one text, short enough for a text message's reader to bear."""
    return sealing.url_safe(bytes.fromhex(key + link))


def _read_click(token: str) -> tuple[str, str]:
    """Return the message's key and the link's id; raise BadSignature for what is none of ours."""
    try:
        whole = base64.urlsafe_b64decode(sealing.unsign(token, CLICK) + "=").hex()
    except (binascii.Error, ValueError):  # a bad signature is one of these
        raise sealing.BadSignature("this link was not made here, or not for this") from None
    return whole[:32], whole[32:]
