"""The editor: a journey's flow with forms for its parts beside its text; what is changed is read as one types, saving is the text's."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.core.documents import yaml
from regulars.journeys import api as journeys
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import acting
from regulars.web.access.gate import form
from regulars.web.decide.journeys import draft as drafts, flow, forms, one as one_journey, words
from regulars.web.decide.journeys.draft import Draft, Verdict
from regulars.web.decide.journeys.opened import opened
from regulars.web.shell import lake


class Wrong(ValueError):
    """What keeps a journey from being kept; the message is a sentence."""


@form("change", "change")
def new(request: HttpRequest) -> HttpResponse:
    """Show the editor with a new journey, and keep what it says."""
    return _edited(request, None)


@form("change", "change")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Show the editor with a journey, and keep it as a new version."""
    standing = journeys.one(name)
    if standing is None:
        raise Http404
    return _edited(request, standing)


def _edited(request: HttpRequest, standing: journeys.Told | None) -> HttpResponse:
    if request.method != "POST":
        text = journeys.text(standing.name) or "" if standing else ""
        return _page(request, Draft(text, drafts.read(text)) if standing else drafts.fresh(), standing)
    # A choice by which the open form gets other fields has no button: it is known by the element that asks.
    do = request.POST.get("do") or ("shape" if request.headers.get("HX-Trigger") == "built" else "")
    draft = drafts.told(request.POST.dict())
    if do == "keep":
        try:
            return _kept(request, draft, standing)
        except Wrong as wrong:
            return _page(request, draft, standing, str(wrong))
    if do == "import":
        draft = _imported(request, draft)
    if do in ("", "look") and request.headers.get("HX-Request"):
        return render(request, "web/decide/journeys/typed.html", _context(request, draft, standing))
    draft = draft.done(do)
    if request.headers.get("HX-Request"):
        answer = render(request, "web/decide/journeys/built.html", _context(request, draft, standing))
        answer["HX-Retarget"], answer["HX-Reswap"] = "#built", "outerHTML"
        return answer
    return _page(request, draft, standing)


def _kept(request: HttpRequest, draft: Draft, standing: journeys.Told | None) -> HttpResponse:
    verdict = drafts.judged(draft.text)
    if verdict.wrong:
        raise Wrong(verdict.wrong)
    if standing and verdict.name != standing.name:
        raise Wrong(_("The name must stay %(name)s: what people went through is known by it.") % {"name": standing.name})  # fmt: skip
    if standing is None and journeys.one(verdict.name) is not None:
        raise Wrong(_("There is a journey called %(name)s already. Choose another name.") % {"name": verdict.name})
    if standing and request.POST.get("base") != str(standing.version):
        raise Wrong(_("Somebody kept version %(n)s meanwhile. Look at it first; keeping again puts yours on top.") % {"n": standing.version})  # fmt: skip
    try:
        name, number = journeys.put(draft.text, acting(request), lake.now())
    except (journeys.BadJourney, journeys.CannotSwitch) as refusal:
        raise Wrong(str(refusal)) from None
    said = _("Kept as version %(n)s. Nobody walks it before it is switched on.")
    if standing and standing.state == "active":
        said = _("Kept as version %(n)s: whoever enters from now on walks it.")
    messages.success(request, said % {"n": number})
    return redirect("journey", name)


def _imported(request: HttpRequest, draft: Draft) -> Draft:
    """Return the draft that a file holds; a file that is too large is read in so far that it is found too large."""
    file = request.FILES.get("file")
    return replace(drafts.imported(file.read(yaml.LONGEST + 1)), focus="text") if file else draft


def _page(request: HttpRequest, draft: Draft, standing: journeys.Told | None, wrong: str = "") -> HttpResponse:
    context = _context(request, draft, standing) | {"refusal": wrong}
    return render(request, "web/decide/journeys/editor.html", context, status=422 if wrong else 200)


def _context(request: HttpRequest, draft: Draft, standing: journeys.Told | None) -> dict[str, Any]:
    verdict, document = drafts.judged(draft.text), draft.document
    context = {
        "title": standing.title if standing else _("New journey"), "standing": standing, "draft": draft, "verdict": verdict,
        "focus": draft.focus, "here": reverse("edit-journey", args=[standing.name]) if standing else reverse("new-journey"),
        "kinds": words.kinds(),
    }  # fmt: skip
    if document is None:
        return context
    titles = {one.name: one.title for one in segments.listed()}
    steps = flow.drawn(document.get("steps"), flow.Around(titles))
    at = drafts.shown_at(verdict, steps)
    if at:
        steps = flow.drawn(document.get("steps"), flow.Around(titles, faults={at: verdict.said}))
    place = draft.open if forms.kind(document, draft.open) else ""
    part = opened(document, place, draft.rows(), verdict.row(draft)) if place else {}
    return context | {
        "steps": steps, "flat": list(flow.flat(steps)), "open": place, "part": part, "fault_at": at, "fault_anchor": flow.anchor(at),
        "about": _about(document, titles, at, verdict),
    }  # fmt: skip


def _about(document: dict[str, Any], titles: words.Titles, at: str, verdict: Verdict) -> list[dict[str, Any]]:
    """Return the parts that hold for the whole journey, each with what it says and whether it can be added or taken away."""
    ends = document["exit_on"] if isinstance(document.get("exit_on"), list) else []
    found = [
        ("settings", _("The whole"), one_journey.in_short(document), ""),
        ("trigger", _("Begins when somebody"), words.trigger(document.get("trigger", "?"), titles), ""),
        ("audience", _("Who may enter"), words.rule(document["audience"], titles) if document.get("audience") is not None else "", _("everybody")),
        ("goal", _("Its goal"), words.fact(document["goal"]) if document.get("goal") is not None else "", _("none named")),
        *((f"exit_on[{n}]", _("Ends for whoever"), words.fact(one), "-") for n, one in enumerate(ends, 1)),
    ]  # fmt: skip
    return [
        {
            "place": place, "anchor": flow.anchor(place), "label": label, "says": says or without, "stands": bool(says), "may_go": bool(without),
            "fault": verdict.said if at == place else "",
        }
        for place, label, says, without in found
    ]  # fmt: skip
