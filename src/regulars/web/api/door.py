"""The management API under /api/: tokens with scopes, one door per question."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Status
from ninja.errors import HttpError

from regulars.events import api as events
from regulars.jobs import api as jobs
from regulars.messaging import api as messaging
from regulars.predictions import api as predictions
from regulars.sources import api as sources
from regulars.web.api import facts as facts_door
from regulars.web.api.bearer import Bearer
from regulars.web.know import naming
from regulars.web.listen import uploads
from regulars.web.prove import report as reports
from regulars.web.shell import lake

api = NinjaAPI(
    title="Regulars",
    version="1",
    description="Reports, customers and imports of this shop. Make a token on the page Users and tokens.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)


@api.get("/report", auth=Bearer("read:reports"), summary="The whole retention report")
def report(request: HttpRequest) -> dict[str, Any]:
    """Return the report's figures, each with its definition, as `regulars report --json` does."""
    return reports.found()


@api.get("/customers/late", auth=Bearer("read:customers"), summary="Customers who are late by their own rhythm")
def late(request: HttpRequest, limit: int = 100, offset: int = 0) -> dict[str, Any]:
    """Return late customers, most valuable first."""
    with lake.knowing() as known:
        found = predictions.late_list(known, min(max(limit, 1), 1000), max(offset, 0))
    return {**found, "customers": naming.named(found["customers"])}


@api.get("/customers/{customer_id}/facts", auth=Bearer("read:customers"), summary="Every fact of one customer")
def facts(request: HttpRequest, customer_id: int, limit: int = 100, skip: int = 0) -> dict[str, Any]:
    """Return the facts of one customer, newest first."""
    with lake.reading() as moment:
        return {"facts": events.history(moment, customer_id, min(max(limit, 1), 1000), max(skip, 0))}


@api.get("/messages", auth=Bearer("read:customers"), summary="Messages, newest first, and why each went or did not")
def messages(request: HttpRequest, state: str = "", channel: str = "", before: int | None = None) -> dict[str, Any]:
    """Return messages of a state and channel (blank: of all); ask again with before for older ones, null says there are none."""
    if state and state not in list(messaging.State):
        raise HttpError(422, f"state must be one of {', '.join(messaging.State)}")
    found = messaging.recent(messaging.Filters(state, channel), before, 200)
    return {"messages": [messaging.plain(one) for one in found.messages], "before": found.before}


@api.get("/imports", auth=Bearer("read:reports"), summary="Imports so far")
def imports(request: HttpRequest) -> dict[str, Any]:
    """Return every import, newest first, with what became of its rows."""
    return {"imports": sources.imports()}


@api.post("/imports", auth=Bearer("write:imports"), summary="Import a file", response={202: dict[str, Any]})
def begin_import(request: HttpRequest, name: str, target: str = "orders") -> Status[dict[str, Any]]:
    """Take the request's body as a file and queue its import; ask /api/work/{id} how far it is."""
    if target not in sources.TARGETS:
        raise HttpError(422, f"target must be one of {', '.join(sources.TARGETS)}")
    try:
        path = uploads.take(request)
    except uploads.CannotTake as refusal:
        raise HttpError(422, str(refusal)) from None
    arguments = {"target": target, "path": str(path), "file_name": path.name, "token": uploads.token_of(path)}
    user = request.auth  # type: ignore[attr-defined]  # set by the bearer
    return Status(202, {"id": jobs.ask("import", arguments, user.email, lake.now())})


@api.get("/work/{number}", auth=Bearer("read:reports"), summary="How far a piece of long work is")
def work(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return a job's state, share and result."""
    try:
        told = jobs.status(number)
    except jobs.NoSuchJob as missing:
        raise HttpError(404, str(missing)) from None
    return {name: told[name] for name in ("id", "kind", "state", "step", "share", "result", "message")}


@api.get("/state", auth=Bearer("read:reports"), summary="How many facts there are, and how many wait")
def state(request: HttpRequest) -> dict[str, int]:
    """Return the newest seq and what waits before the log and before the lake."""
    return events.waiting()


api.add_router("/facts", facts_door.router)
