"""Long work as a reader sees it: what it is, how far, what to do when it is done."""

from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.jobs import api as jobs
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, page
from regulars.web.shell import lake
from regulars.web.shell.context import formats

OPEN = ("queued", "running")


def ask(request: HttpRequest, kind: str, arguments: dict[str, Any]) -> int:
    """Ask for long work in the name of whoever asks, and note it."""
    who = person(request)
    name = who.user.email if who.user else "visitor"
    number = jobs.ask(kind, arguments, name, lake.now())
    access.note(name, f"{kind}.asked", str(number), {}, lake.now())
    return number


def open_work(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the work that waits or runs, oldest first."""
    return [described(request, one) for one in reversed(jobs.recent(20)) if one["state"] in OPEN]


@page()
def job(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far a piece of work is; the page asks again by itself while it runs."""
    try:
        told = described(request, jobs.status(number))
    except jobs.NoSuchJob:
        raise Http404 from None
    if not request.headers.get("HX-Request"):
        return render(request, "web/overview/job.html", {"title": told["title"], "job": told})
    response = render(request, "web/parts/job.html", {"job": told})
    if told["state"] == "done":
        stays = urlsplit(request.headers.get("HX-Current-URL", "")).path == reverse("overview")
        response["HX-Redirect"] = reverse("overview") if stays else told["next"]
    return response


@change("import_data")
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Ask a piece of work to stop."""
    jobs.cancel(number)
    return job(request, number) if request.headers.get("HX-Request") else redirect("job", number)


def described(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any]:
    """Return a job with its words: title, what it says now, where to go on."""
    following = _following(told)
    return {
        **told,
        "is_open": told["state"] in OPEN,
        "title": _title(told),
        "says": _says(request, told),
        "next": following[0],
        "next_label": following[1],
    }


def _title(told: dict[str, Any]) -> str:
    titles = {
        "import": _("Importing %(file)s") % {"file": told["arguments"].get("file_name") or _("a file")},
        "demo": _("Opening the demo shop"),
        "cdnow": _("Opening CDNOW"),
        "start_over": _("Throwing this shop away"),
        "rebuild": _("Building everything again from the facts"),
        "refresh": _("Building the derived tables"),
        "backup": _("Writing a backup"),
        "rehearse": _("Rehearsing %(journey)s") % {"journey": told["arguments"].get("journey", "")},
    }
    return titles.get(told["kind"]) or str(told["kind"])


def _says(request: HttpRequest, told: dict[str, Any]) -> str:
    if told["state"] == "queued":
        return _("waits for its turn")
    if told["state"] == "running":
        return f"{told['step']} · {formats(request).share(told['share'], 0)}"
    words = {
        "done": _("done"),
        "failed": _("could not be done"),
        "cancelled": _("cancelled; what was read so far stays"),
    }
    return words.get(told["state"]) or str(told["state"])


def _following(told: dict[str, Any]) -> tuple[str, str]:
    if told["state"] != "done":
        return "", ""
    if told["kind"] == "import" and told["result"].get("import_id"):
        return reverse("import", args=[told["result"]["import_id"]]), _("See what came in")
    if told["kind"] == "rehearse":
        return reverse("rehearse-journey", args=[told["arguments"]["journey"]]), _("See what it would have done")
    return reverse("overview"), _("Go on")
