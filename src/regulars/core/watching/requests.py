"""Requests under way: the id that ties a log line to its request, and how long answers take."""

import secrets
from contextvars import ContextVar

from prometheus_client import CollectorRegistry, Histogram

request_id: ContextVar[str] = ContextVar("request_id", default="")

REGISTRY = CollectorRegistry()
ANSWERS = Histogram(
    "regulars_http_request_seconds",
    "How long requests took, by method, address pattern and status.",
    ["method", "address", "status"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 5.0, 10.0, 30.0),
    registry=REGISTRY,
)


def new_id() -> str:
    """Return an id for one request; it says nothing about who asks."""
    return secrets.token_hex(6)


def answered(method: str, address: str, status: int, seconds: float) -> None:
    """Count one answer; address is a pattern such as customers/<int:number>, never what somebody typed."""
    ANSWERS.labels(method, address, str(status)).observe(seconds)
