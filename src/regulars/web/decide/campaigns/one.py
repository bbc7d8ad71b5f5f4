"""One campaign: how it stands, what became of each edition, its versions compared; and what one can do about it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from regulars.campaigns import api as campaigns
from regulars.core.formats import Formats
from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import acting, person
from regulars.web.access.gate import change, page
from regulars.web.decide.campaigns import words
from regulars.web.shell import lake
from regulars.web.shell.context import formats
from regulars.web.shell.figures import Card, Column, Table
from regulars.web.shell.show import show

LOOKED_AGAIN = 10  # seconds until the page of one that moves is asked for again
SETTLES = timedelta(minutes=2)  # in which the last messages leave and the log hears of them
State = campaigns.State


@page()
def campaign(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show one campaign with an edition: the one that is asked for, else the newest that began, else the newest."""
    told, write = _standing(name), formats(request)
    every = campaigns.editions(name)
    edition = _chosen(request.GET.get("edition", ""), every)
    with lake.reading() as moment:
        became = campaigns.became(moment, name, edition.number) if edition and edition.n_asked else None
    moving = [one for one in every if one.is_open]
    context = {
        "title": told.title, "told": told, "finding": _finding(told, edition, became, write), "edition": edition, "became": became,
        "moving": [_moving(one, write) for one in moving], "may_change": person(request).may("change"), "house": campaigns.house(),
        "again": LOOKED_AGAIN if any(map(_is_moving, every[:3])) else None,
        "facts": _facts(told, write), "problems": _problems(told), "cards": _cards(edition, became, write) if edition and became else [],
        "verdict": _verdict(told, edition, became, write), "me": acting(request),
        "may_drop": not told.is_on and not moving and not any(one.n_asked for one in every),
        "sent_before": next((one for one in every if one.n_asked), None), "is_recurring": bool(told.plan and told.plan.timing.is_recurring),
    }  # fmt: skip
    figures = [_refused(became), _arms(told, became), _editions(told, every, write)]
    return show(request, "web/decide/campaigns/one.html", context, figures)


@page()
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out a campaign as its file."""
    response = HttpResponse(campaigns.written(_standing(name).document), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


@change("change")
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Let it go, stop it, drop it; approve, go on with or cancel one edition."""
    told, do = _standing(name), request.POST.get("do", "")
    asked = request.POST.get("edition", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    try:
        said = _carried_out(do, told, number, acting(request), formats(request))
    except campaigns.BadCampaign as wrong:
        messages.error(request, wrong.said[:1].upper() + wrong.said[1:])
        return redirect("campaign", name)
    messages.success(request, said)
    return redirect("campaigns") if do == "drop" else redirect("campaign", name)


def _carried_out(do: str, told: campaigns.CampaignTold, number: int, by: str, write: Formats) -> str:
    """Do what a button says and return the sentence about it."""
    name, now = told.name, lake.now()
    match do:
        case "send":
            return _sent(name, by, now, write)
        case "cancel":
            return _cancelled(campaigns.cancel(name, number, by, now), write)
        case "stop":
            campaigns.stop(name, by, now)
            return _("It goes no more by itself.")
        case "approve":
            campaigns.approve(name, number, by, now)
            return _("Approved.")
        case "go-on":
            campaigns.go_on(name, number, by, now)
            return _("It goes on.")
        case "drop":
            campaigns.drop(name, by, now)
            return _("Dropped: %(title)s.") % {"title": told.title}
    raise Http404


def _sent(name: str, by: str, now: datetime, write: Formats) -> str:
    at = campaigns.send(name, by, now)
    return _("It begins %(at)s. Until then nothing leaves, and you can cancel it.") % {"at": words.clock(at, write)}


def _cancelled(done: campaigns.Cancelled, write: Formats) -> str:
    told = {"not_asked": write.count(done.n_not_asked), "withdrawn": write.count(done.n_withdrawn), "gone": write.count(done.n_gone)}  # fmt: skip
    return _("Cancelled. Not written to: %(not_asked)s. Taken back before they left: %(withdrawn)s. Gone already: %(gone)s.") % told  # fmt: skip


def _standing(name: str) -> campaigns.CampaignTold:
    told = campaigns.one(name)
    if told is None:
        raise Http404
    return told


def _chosen(asked: str, every: list[campaigns.EditionTold]) -> campaigns.EditionTold | None:
    wanted = int(asked) if asked.isdecimal() and len(asked) < 9 else None
    if wanted is not None:
        return next((one for one in every if one.number == wanted), None)
    return next((one for one in every if one.n_asked), every[0] if every else None)


def _is_moving(one: campaigns.EditionTold) -> bool:
    """Say whether anything about an edition changes by itself right now."""
    just_ended = one.ended_at is not None and lake.now() - one.ended_at < SETTLES
    return (one.state in (State.FIXING, State.SENDING) and one.tests_until is None) or just_ended


def _finding(
    told: campaigns.CampaignTold,
    edition: campaigns.EditionTold | None,
    became: campaigns.Became | None,
    write: Formats,
) -> str:
    """Say how it stands; where the newest edition is over, how many it reached."""
    if edition is None or became is None or edition != told.newest or edition.state != State.DONE:
        return words.finding(told.newest, write)
    counts = became.counts
    if not (counts.sent or counts.failed or counts.refused):
        return words.finding(told.newest, write)
    n = {"sent": write.count(counts.sent), "of": write.count(edition.n_recipients)}
    return _("sent to %(sent)s of %(of)s") % n


def _problems(told: campaigns.CampaignTold) -> list[str]:
    return [told.problem] if told.plan is None else campaigns.problems(told.plan)


def _facts(told: campaigns.CampaignTold, write: Formats) -> list[tuple[str, str]]:
    """Return what it is, in words."""
    plan = told.plan
    if plan is None:
        return []
    size = campaigns.size_of(plan)
    people = _("%(whom)s, %(n)s people now") % {"whom": words.audience(plan), "n": write.count(size)} if size is not None else words.audience(plan)  # fmt: skip
    found = [(_("To whom"), people), (_("When"), words.timing(plan.timing, write))]
    found += [(_("Topic"), plan.topic)] if plan.topic else []
    found += [(_("How fast"), _("at most %(n)s a minute") % {"n": write.count(plan.per_minute)})] if plan.per_minute else []  # fmt: skip
    if plan.test:
        found.append((_("Test"), _("%(share)s of them first; the winner by %(by)s goes to the others") % {"share": write.share(plan.test.share / 100, 0), "by": plan.test.by}))  # fmt: skip
    if plan.again:
        found.append((_("Once more"), _("to whoever followed no link, %(days)s days later") % {"days": write.decimal(plan.again.after.total_seconds() / 86400, 0)}))  # fmt: skip
    return found


def _moving(one: campaigns.EditionTold, write: Formats) -> dict[str, Any]:
    return {
        "one": one, "state": words.state(one), "tone": words.TONES[one.state], "finding": words.finding(one, write),
        "begins": words.clock(one.begins_at, write), "day": write.day(one.day) if one.day else "", "is_planned": one.state == State.PLANNED, "is_held": one.state == State.HELD,
        "tests_until": words.clock(one.tests_until, write) if one.tests_until else "",
    }  # fmt: skip


def _cards(one: campaigns.EditionTold, became: campaigns.Became, write: Formats) -> list[Card]:
    counts = became.counts
    refused = sum(counts.refused.values()) + counts.failed
    rate = counts.clicked / counts.sent if counts.sent else None
    waits = became.waiting + became.in_hand
    return [
        Card(_("Recipients"), write.count(one.n_recipients), _("%(n)s asked for") % {"n": write.count(one.n_asked)}, _("The audience as it was fixed when this edition began.")),
        Card(_("Sent"), write.count(counts.sent), _("%(n)s wait") % {"n": write.count(waits)} if waits else "", _("Messages that the provider took over.")),
        Card(_("Not sent"), write.count(refused), _("%(n)s unknown") % {"n": write.count(became.unknown)} if became.unknown else "", _("Refused by the gate, for the reasons below, or failed. Unknown is what nobody can tell of.")),
        Card(_("Followed a link"), write.count(counts.clicked), write.share(rate), _("People who followed a link; programs that fetch links are told apart and left out.")),
        Card(_("Left or complained"), write.count(counts.left + counts.complained), "", _("Unsubscribed by this message, or called it spam.")),
    ]  # fmt: skip


def _refused(became: campaigns.Became | None) -> Table:
    columns = (Column("why", _("Why it was not sent")), Column("n", _("Messages"), "count"))
    rows = [{"why": messaging.because(reason), "n": n} for reason, n in became.counts.refused.items()] if became else []
    return Table("refused", _("Why some were not sent"), columns, rows, _("Nothing was refused."))


def _arms(told: campaigns.CampaignTold, became: campaigns.Became | None) -> Table:
    is_orders = bool(told.plan and told.plan.test and told.plan.test.by == "orders")
    did = _("Ordered") if is_orders else _("Followed a link")
    columns = (
        Column("name", _("Version")), Column("what", _("Subject or template")), Column("n", _("People"), "count"),
        Column("positives", did, "count"), Column("share", _("Share"), "share"),
    )  # fmt: skip
    rows = [{"name": arm.name, "what": arm.subject or arm.template, "n": arm.n, "positives": arm.positives, "share": arm.share} for arm in became.arms] if became else []  # fmt: skip
    return Table("arms", _("The versions compared"), columns, rows, _("There is one version only."))


def _verdict(
    told: campaigns.CampaignTold,
    edition: campaigns.EditionTold | None,
    became: campaigns.Became | None,
    write: Formats,
) -> str:
    """Say what the versions' comparison came to, and how sure that is."""
    if became is None or edition is None or not became.arms:
        return ""
    if edition.is_decided and not edition.is_sure:
        return _("One cannot tell which is better, so %(arm)s went to the others, as you declared.") % {"arm": edition.winner}  # fmt: skip
    if became.interval is None:
        return _("Too few for a word on it: every version needs 30 people who did it.")
    limits = {"arm": became.lead, "low": write.share(became.interval.low, 2), "high": write.share(became.interval.high, 2)}  # fmt: skip
    if became.interval.low > 0:
        return _("%(arm)s is better than the next by %(low)s to %(high)s of its people, however often one looks.") % limits  # fmt: skip
    return _("One cannot tell yet: %(arm)s is ahead, and its difference to the next lies between %(low)s and %(high)s.") % limits  # fmt: skip


def _editions(told: campaigns.CampaignTold, every: list[campaigns.EditionTold], write: Formats) -> Table:
    columns = (
        Column("number", _("Edition"), link="address"), Column("kind", _("What")), Column("state", _("State")),
        Column("begins", _("Begins or began")), Column("by", _("Let go by")), Column("recipients", _("Recipients"), "count"),
        Column("asked", _("Written to"), "count"),
    )  # fmt: skip
    rows = [
        {
            "number": one.number, "address": f"?edition={one.number}", "state": words.state(one), "begins": words.clock(one.begins_at, write),
            "kind": _("once more after %(n)s") % {"n": one.parent} if one.parent else _("to everybody"), "by": one.asked_by,
            "recipients": one.n_recipients, "asked": one.n_asked,
        }
        for one in every
    ]  # fmt: skip
    return Table("editions", _("Editions"), columns, rows, _("It was never sent."))
