"""The builder: a form whose rows the server draws anew, and beside it who would belong, as one types."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.core.lake.engine import EngineError
from regulars.segments import api as segments
from regulars.web.access.doorkeeper import acting
from regulars.web.access.gate import change, form
from regulars.web.know import naming
from regulars.web.know.segments import tree as trees, typed, words
from regulars.web.know.segments.drawn import drawn
from regulars.web.know.segments.typed import Typed, Wrong
from regulars.web.shell import lake


@form("change", "change")
def new(request: HttpRequest) -> HttpResponse:
    """Show the form for a new segment, and keep what it says."""
    return _built(request, None)


@form("change", "change")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form with a segment in it, and keep what it says."""
    standing = segments.one(name)
    if standing is None:
        raise Http404
    return _built(request, standing)


@change("change")
def tried(request: HttpRequest) -> HttpResponse:
    """Say who would belong; keeps nothing."""
    context: dict[str, Any] = {}
    try:
        draft = typed.told(request.POST.dict()).draft()
        with lake.reading() as moment:
            found = segments.preview(moment, draft.rule, segments.day_of(lake.now()))
        context = {
            "found": found,
            "share": found.n_members / found.n_customers if found.n_customers else None,
            "people": naming.named({"customer_id": one} for one in found.some),
        }
    except Wrong as wrong:
        context = {"wrong": wrong.said, "row": wrong.row.replace(".", "-")}
    except (segments.BadRule, segments.NoSuchSegment) as wrong:
        context = {"wrong": str(wrong)}
    except EngineError:
        context = {"wrong": _("The question could not be asked right now. Change something, or try again.")}
    return render(request, "web/know/segments/tried.html", context)


def _built(request: HttpRequest, standing: segments.Told | None) -> HttpResponse:
    """Carry out the button that was pressed: keep, show as text or as rows, or change the rows' shape."""
    if request.method != "POST":
        return _page(request, typed.of(standing) if standing else Typed(), standing)
    told, do = typed.told(request.POST.dict()), request.POST.get("do", "")
    told = replace(told, name=standing.name) if standing else told
    try:
        if do == "keep":
            return _kept(request, told, standing)
        if do in ("as-text", "as-rows"):
            return _page(request, told.as_text() if do == "as-text" else told.as_rows(), standing)
    except Wrong as wrong:
        return _page(request, told, standing, wrong)
    told = replace(told, tree=trees.done(told.tree, do))
    if request.headers.get("HX-Request"):
        own = standing.name if standing else ""
        answer = render(request, "web/know/segments/rule.html", {"rule": drawn(told.tree, {}, own), "here": request.path, "focus": trees.focus(told.tree, do)})  # fmt: skip
        answer["HX-Trigger-After-Swap"] = "shaped"
        return answer
    return _page(request, told, standing)


def _kept(request: HttpRequest, told: Typed, standing: segments.Told | None) -> HttpResponse:
    draft = told.draft()
    if standing and draft.name != standing.name:
        raise Wrong(_("The name must stay %(name)s: others ask for this segment by it.") % {"name": standing.name})
    if standing is None and segments.one(draft.name) is not None:
        raise Wrong(_("There is a segment called %(name)s already. Choose another name.") % {"name": draft.name})
    try:
        segments.put(draft, acting(request), lake.now())
    except segments.BadSegment as refusal:
        raise Wrong(str(refusal)) from None
    messages.success(request, _("Kept. Who belongs is being counted if the rule is new."))
    return redirect("segment", draft.name)


def _page(request: HttpRequest, told: Typed, standing: segments.Told | None, wrong: Wrong | None = None) -> HttpResponse:  # fmt: skip
    faults = {wrong.row: wrong.said} if wrong and wrong.row else {}
    own = standing.name if standing else ""
    context = {
        "title": standing.title if standing else _("New segment"),
        "standing": standing,
        "told": told,
        "rule": None if told.is_text else drawn(told.tree, faults, own),
        "position": [(part, label, told.position.get(part, "")) for part, label in words.position()],
        "has_position": any(told.position.values()) or bool(told.interests),
        "wrong": wrong,
        "here": reverse("edit-segment", args=[own]) if own else reverse("new-segment"),
        "zone": words.zone(),
    }
    return render(request, "web/know/segments/builder.html", context, status=422 if wrong else 200)
