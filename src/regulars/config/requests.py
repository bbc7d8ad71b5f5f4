"""The access log: one line a request with method, path without query, status and time, and an id that ties lines together.

What somebody typed into an address never gets into the log: a path is written by its pattern, with numbers filled in.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import Resolver404, ResolverMatch, resolve

from regulars.core.watching import requests

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Asked for every few seconds, or many times a page: only what goes wrong there is worth a line.
ROUTINE = ("healthz", "readyz", "metrics", "static")
UNKNOWN = "unknown address"
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")

log = logging.getLogger("regulars.requests")
Environment = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environment, StartResponse], Iterable[bytes]]


def watched(application: Application) -> Application:
    """Return an application that also tells the log and the metrics about each of its requests, when its answer begins."""

    def answer(environment: Environment, start_response: StartResponse) -> Iterable[bytes]:
        began, found = time.perf_counter(), ["500"]
        number = requests.new_id()
        token = requests.request_id.set(number)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            found[0] = status[:3]
            return start_response(status, [*headers, ("X-Request-ID", number)], *rest)

        try:
            return application(environment, start)
        finally:
            _tell(environment, int(found[0]), time.perf_counter() - began)
            requests.request_id.reset(token)

    return answer


def _tell(environment: Environment, status: int, seconds: float) -> None:
    method = environment.get("REQUEST_METHOD", "")
    method = method if method in METHODS else "another method"
    pattern, path = where(environment.get("PATH_INFO", ""))
    requests.answered(method, pattern, status, seconds)
    if pattern not in ROUTINE or status >= 400:
        told = {"method": method, "path": path, "status": status, "ms": round(seconds * 1000)}
        log.info("%(method)s %(path)s: %(status)d in %(ms)d ms", told, extra={"fields": told})


def where(path: str) -> tuple[str, str]:
    """Return the pattern of an address, and the address as it may be logged: with its numbers, without its words."""
    if path.startswith("/static/"):
        return "static", "/static/"
    try:
        match = resolve(path)
    except Resolver404:
        return UNKNOWN, UNKNOWN
    return match.route, "/" + _filled(match)


def _filled(match: ResolverMatch) -> str:
    def value(found: re.Match[str]) -> str:
        told = match.kwargs.get(found["name"]) if found["kind"] == "int" else None
        return f"<{found['name']}>" if told is None else str(told)

    return _PARAMETER.sub(value, match.route)
