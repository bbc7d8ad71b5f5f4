"""Campaigns in words: when one goes, where an edition stands, what to do about it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regulars.campaigns import api as campaigns
from regulars.core.formats import Formats
from regulars.events import api as events

State, Often = campaigns.State, campaigns.Often
TONES = {State.PLANNED: "", State.FIXING: "", State.SENDING: "", State.HELD: "warn", State.DONE: "good", State.CANCELLED: ""}  # fmt: skip


def weekdays() -> list[tuple[str, str]]:
    """Return the days of the week as documents call them, with their names."""
    named = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return list(zip(campaigns.WEEKDAYS, named, strict=True))


def which() -> list[tuple[str, str]]:
    """Return which of a month's weekdays there are."""
    named = (_("first"), _("second"), _("third"), _("fourth"), _("last"))
    return list(zip(campaigns.WHICH, named, strict=True))


def timing(told: campaigns.Timing, write: Formats) -> str:
    """Say when a campaign goes."""
    if told.often is Often.BY_HAND or told.at is None:
        return _("when somebody sends it")
    at = {"at": f"{told.at:%H:%M}"}
    if told.often is Often.ONCE:
        said = _("on %(day)s at %(at)s") % {**at, "day": write.day(told.on)}
    elif told.often is Often.WEEKLY:
        said = _("every %(weekday)s at %(at)s") % {**at, "weekday": weekdays()[told.weekday][1]}
    elif told.day:
        said = _("every month on day %(day)s at %(at)s") % {**at, "day": told.day}
    else:
        order = next(label for name, label in which() if campaigns.WHICH[name] == told.which)
        said = _("every month on the %(which)s %(weekday)s at %(at)s") % {**at, "which": order, "weekday": weekdays()[told.weekday][1]}  # fmt: skip
    return _("%(said)s in each recipient’s own time") % {"said": said} if told.is_own_zone else said


def audience(plan: campaigns.Plan) -> str:
    """Say whom a campaign goes to."""
    if plan.audience.kind == "list":
        return _("list %(name)s") % {"name": plan.audience.name}
    return _("segment %(name)s") % {"name": plan.audience.name}


def state(one: campaigns.EditionTold | None) -> str:
    """Say where an edition stands, in a word or two."""
    if one is None:
        return _("never sent")
    words = {
        State.PLANNED: _("planned"),
        State.FIXING: _("gathering its audience"),
        State.SENDING: _("on its way"),
        State.HELD: _("waits for your word"),
        State.DONE: _("sent"),
        State.CANCELLED: _("cancelled"),
    }
    return words[one.state]


def finding(one: campaigns.EditionTold | None, write: Formats) -> str:
    """Say in a sentence how it stands with a campaign."""
    if one is None:
        return _("written, and sent to nobody yet")
    told = {"n": write.count(one.n_asked), "of": write.count(one.n_recipients), "at": clock(one.begins_at, write)}
    words = {
        State.PLANNED: _("begins %(at)s"),
        State.FIXING: _("gathering its audience"),
        State.SENDING: _("on its way to %(n)s of %(of)s"),
        State.HELD: _("waits for your word"),
        State.DONE: _("gone out to an audience of %(of)s") if one.n_recipients else _("found nobody to write to"),
        State.CANCELLED: _("cancelled after %(n)s of %(of)s") if one.n_asked else _("cancelled before it went"),
    }
    return words[one.state] % told


def clock(at: datetime | None, write: Formats) -> str:
    """Write an instant as the shop's clocks show it."""
    return "–" if at is None else write.moment(at.astimezone(ZoneInfo(events.timezone())))


def place(part: str) -> str:
    """Say which part of the form a sentence is about."""
    words = {
        "name": _("Name"), "title": _("Title"), "audience": _("To whom"), "template": _("Template"), "subject": _("Subject"),
        "topic": _("Topic"), "send": _("When"), "per_minute": _("How fast"), "good_for": _("How long it is news"),
        "arms": _("Versions"), "test": _("Test"), "again": _("Once more"), "channel": _("Channel"),
    }  # fmt: skip
    return words.get(part.partition(".")[0].partition("[")[0], "")
