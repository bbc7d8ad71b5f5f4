"""Settings, users and tokens, the audit log, and starting over."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.core.settings import DESCRIPTIONS, current
from regulars.events import api as events
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, page
from regulars.web.overview import work
from regulars.web.shell import lake
from regulars.web.shell.figures import Column, Table
from regulars.web.shell.show import show

HIDDEN = ("REGULARS_DATABASE_URL",)
PER_PAGE = 100


@page()
def settings(request: HttpRequest) -> HttpResponseBase:
    """Show what this installation was told, and what can be done to it as a whole."""
    said = [{"name": name, "about": about, "value": _value(name)} for name, about in DESCRIPTIONS.items()]
    table = Table(
        "settings",
        _("Environment"),
        (Column("name", _("Variable")), Column("value", _("Now")), Column("about", _("What it says"))),
        said,
        csv=False,
    )
    shop = {"currency": events.currency(), "timezone": events.timezone(), "label": events.label()}
    return show(
        request,
        "web/keep/settings.html",
        {"title": _("Settings"), "shop": shop, "home": current().home, "work": work.open_work(request)},
        [table],
    )


def _value(name: str) -> str:
    if name in HIDDEN:
        return _("PostgreSQL") if current().database_url else _("SQLite in the home folder")
    found = getattr(current(), name.removeprefix("REGULARS_").lower().removesuffix("_url"), "")
    return ", ".join(found) if isinstance(found, tuple) else str(found if found is not None else "")


@change("manage")
def rebuild(request: HttpRequest) -> HttpResponse:
    """Compute every projection and derived table again from the facts."""
    return redirect("job", work.ask(request, "rebuild", {}))


@change("manage")
def start_over(request: HttpRequest) -> HttpResponse:
    """Throw the demo shop or the sample away; a shop of one's own is thrown away only when its name is typed."""
    if not events.label() and request.POST.get("sure", "").strip().upper() != "DELETE":
        messages.error(request, _("Nothing was deleted: type DELETE to throw your own shop's facts away."))
        return redirect("settings")
    number = work.ask(request, "start_over", {})
    return redirect("job", number)


@page("manage")
def users(request: HttpRequest) -> HttpResponse:
    """Show who may sign in, and the API tokens."""
    owner = person(request).user
    if owner is None:
        return redirect("owner")
    context = {
        "title": _("Users and tokens"),
        "users": access.users(),
        "invitations": access.invitations(lake.now()),
        "roles": access.Role.choices,
        "tokens": access.tokens(owner),
        "scopes": access.SCOPES,
        "fresh": request.session.pop("fresh", None),
    }
    return render(request, "web/keep/users.html", context)


@change("manage")
def change_user(request: HttpRequest) -> HttpResponse:
    """Invite somebody, change a role, or let somebody go."""
    owner, email = person(request).user, request.POST.get("email", "").strip()
    if owner is None:
        return redirect("owner")
    try:
        match request.POST.get("do"):
            case "invite":
                token = access.invite(email, access.Role(request.POST.get("role", "analyst")), owner.email, lake.now())
                request.session["fresh"] = {
                    "about": _("Send this link to %(email)s; it works once, for three days.") % {"email": email},
                    "text": request.build_absolute_uri(reverse("accept", args=[token])),
                }
            case "reset":
                token = access.reset(email, owner.email, lake.now())
                about = _("Send this link to %(email)s; with it a new password is chosen, once, within a day.")
                request.session["fresh"] = {
                    "about": about % {"email": email},
                    "text": request.build_absolute_uri(reverse("accept", args=[token])),
                }
            case "withdraw":
                access.withdraw(email, owner.email, lake.now())
            case "role":
                access.change_role(email, access.Role(request.POST.get("role", "")), owner.email, lake.now())
            case "deactivate":
                access.deactivate(email, owner.email, lake.now())
    except (access.Refused, ValueError) as refusal:
        messages.error(request, str(refusal))
    return redirect("users")


@change("manage")
def change_token(request: HttpRequest) -> HttpResponse:
    """Make an API token, or revoke one."""
    owner = person(request).user
    if owner is None:
        return redirect("owner")
    try:
        if request.POST.get("do") == "revoke":
            access.revoke_token(owner, int(request.POST.get("id", "0")), lake.now())
        else:
            wanted = access.NewToken(
                request.POST.get("name", "").strip(),
                tuple(request.POST.getlist("scopes")),
                lake.now() + timedelta(days=365),
            )
            text = access.make_token(owner, wanted, lake.now())
            request.session["fresh"] = {"about": _("Copy the token now; it is not shown again."), "text": text}
    except (access.Refused, ValueError) as refusal:
        messages.error(request, str(refusal))
    return redirect("users")


@page("manage")
def audit(request: HttpRequest) -> HttpResponseBase:
    """Show who did what, newest first."""
    before = request.GET.get("before", "")
    rows: list[dict[str, Any]] = access.deeds(int(before) if before.isdigit() else None, PER_PAGE)
    columns = (
        Column("at", _("When"), "moment"),
        Column("actor", _("Who")),
        Column("action", _("Did")),
        Column("about", _("What")),
    )
    table = Table("audit-log", _("Audit log"), columns, rows, _("Nothing has been done yet."))
    older = rows[-1]["id"] if len(rows) == PER_PAGE else None
    return show(request, "web/keep/audit.html", {"title": _("Audit log"), "older": older}, [table])
