"""The form of a campaign: new or changed, in fields or as text; keeping it sends nothing."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.campaigns import api as campaigns
from regulars.consent import api as consent
from regulars.events import api as events
from regulars.messaging import api as messaging
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import acting
from regulars.web.access.gate import form
from regulars.web.act import naming
from regulars.web.decide.campaigns import typed, words
from regulars.web.decide.campaigns.typed import Typed
from regulars.web.shell import lake


@form("change", "change")
def new(request: HttpRequest) -> HttpResponse:
    """Show the form for a new campaign, and keep what it says."""
    return _form(request, None)


@form("change", "change")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form with a campaign in it, and keep what it says."""
    standing = campaigns.one(name)
    if standing is None:
        raise Http404
    return _form(request, standing)


def _form(request: HttpRequest, standing: campaigns.CampaignTold | None) -> HttpResponse:
    if request.method != "POST":
        begun = {**typed.BLANK, "audience": f"segment:{request.GET.get('segment', '')}"}
        return _page(request, typed.of(standing.document) if standing else Typed(begun), standing)
    told, do = typed.told(request.POST.dict()), request.POST.get("do", "")
    try:
        document = told.document(dict(_templates()))
        if do == "as-rows":
            campaigns.read(document)
            return _as_rows(request, document, standing)
        if do == "as-text":
            return _page(request, Typed(text=campaigns.written(document), is_text=True), standing)
        return _kept(request, document, standing)
    except campaigns.BadCampaign as wrong:
        return _page(request, told, standing, wrong)


def _as_rows(
    request: HttpRequest, document: Mapping[str, Any], standing: campaigns.CampaignTold | None
) -> HttpResponse:
    shown = typed.of(document)
    if shown.is_text:
        raise campaigns.BadCampaign(_("It says more than the fields can show; change it here."))
    return _page(request, shown, standing)


def _kept(request: HttpRequest, document: Mapping[str, Any], standing: campaigns.CampaignTold | None) -> HttpResponse:
    plan = campaigns.read(document)
    if standing and plan.name != standing.name:
        raise campaigns.BadCampaign(_("The name must stay %(name)s: what was sent is called by it.") % {"name": standing.name}, "name")  # fmt: skip
    if standing is None and campaigns.one(plan.name) is not None:
        raise campaigns.BadCampaign(_("There is a campaign called %(name)s already. Choose another name.") % {"name": plan.name}, "name")  # fmt: skip
    campaigns.put(document, acting(request), lake.now())
    messages.success(request, _("Kept. Nothing has been sent by that."))
    return redirect("campaign", plan.name)


def _page(
    request: HttpRequest,
    told: Typed,
    standing: campaigns.CampaignTold | None,
    wrong: campaigns.BadCampaign | None = None,
) -> HttpResponse:
    templates = sorted(_templates())
    context = {
        "title": standing.title if standing else _("New campaign"), "standing": standing, "told": told, "typed": told.fields,
        "arms": _arms(told), "has_arms": any(any(arm.values()) for arm in told.arms), "wrong": wrong,
        "about": words.place(wrong.place) if wrong else "", "said": (wrong.said[:1].upper() + wrong.said[1:]) if wrong else "",
        "audiences": _audiences(), "templates": [(name, naming.channel(channel)) for name, channel in templates],
        "topics": consent.topics(), "weekdays": words.weekdays(), "which": words.which(), "zone": events.timezone(),
        "here": reverse("edit-campaign", args=[standing.name]) if standing else reverse("new-campaign"),
    }  # fmt: skip
    return render(request, "web/decide/campaigns/form.html", context, status=422 if wrong else 200)


def _arms(told: Typed) -> list[dict[str, Any]]:
    """Return the rows of versions, blank ones behind those that are typed."""
    rows = [*told.arms, *([{}] * typed.N_ARMS)][: typed.N_ARMS]
    return [{"n": n, **row} for n, row in enumerate(rows, 1)]


def _audiences() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return segments and lists with how many belong, as choices."""
    found = [(f"segment:{one.name}", one.title, one.n_members) for one in segments.listed()]
    lists = [(f"list:{one.name}", one.name, one.n_people) for one in campaigns.lists()]
    return [
        (kind, label, [(value, f"{title} · {'–' if n is None else f'{n:,}'}") for value, title, n in some])
        for kind, label, some in (("segment", _("Segments"), found), ("list", _("Uploaded lists"), lists))
        if some
    ]


def _templates() -> list[tuple[str, str]]:
    """Return the templates for marketing, with the channel that each is written for."""
    along = {
        name: one.document.channel
        for name, one in messaging.starters().items()
        if one.document.message_class == "marketing"
    }
    own = {one.name: one for one in messaging.listing()}
    shipped = {name: channel for name, channel in along.items() if name not in own}
    return [*shipped.items(), *((one.name, one.channel) for one in own.values() if one.is_marketing)]
