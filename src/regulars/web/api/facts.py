"""The facts door: other programs tell what happened, as it happens."""

from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from regulars.events import api as events
from regulars.web.api import remembered
from regulars.web.api.bearer import Bearer
from regulars.web.shell import lake

MOST_BYTES, MOST_FACTS = 5 * 1024 * 1024, 5_000
SOURCE = "api"
router = Router()


class RefusedFact(Schema):
    """A fact that was not taken: its place in the list from 0, the field that is wrong, and what to do."""

    index: int
    field: str
    reason: str


class Told(Schema):
    """What became of the facts: new ones, ones known already, and refused ones."""

    accepted: int
    duplicates: int
    refused: list[RefusedFact]


class Problem(Schema):
    """Why nothing was taken."""

    detail: str


ONE = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"type": "string", "maxLength": 64, "example": "order.placed"},
        "fields": {"type": "object", "example": {"order_id": "1042", "total": "48.40", "currency": "EUR"}},
        "people": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {"type": "string"} for name in ("id", "email", "phone", "anonymous", "account", "customer")
            },
            "example": {"email": "ann@example.com", "id": "c1"},
        },
        "occurred_at": {"type": "string", "format": "date-time", "description": "Now when left out."},
        "event_id": {"type": "string", "maxLength": 255, "description": "Your name of it: told again, it is known."},
    },
}
SCHEMA = {"oneOf": [ONE, {"type": "array", "maxItems": MOST_FACTS, "items": ONE}]}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": remembered.LONGEST},
    "description": "The same key with the same body gets the same answer for two days; with another body 422.",
}
ANSWERS = {202: Told, 207: Told, 400: Problem, 413: Problem, 422: Told | Problem}


@router.post(
    "",
    auth=Bearer("write:facts"),
    summary="Tell facts",
    response=ANSWERS,
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}}, "parameters": [KEY]},
)  # fmt: skip
def tell(request: HttpRequest) -> Status[Any]:
    """Take one fact or a list of at most 5,000 (5 MB). Answered when they are committed: 202 when all were taken, 207 when
    some were, 422 when none was; each refused one with its place, its field and what to do. The others go through."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise HttpError(413, "the body is bigger than 5 MB; send fewer facts at a time")
    key, user = request.headers.get("Idempotency-Key"), request.auth  # type: ignore[attr-defined]  # set by the bearer
    if key is None:
        return Status(*_taken(body))
    try:
        return Status(*remembered.once(f"{user.pk}", key, body, lambda: _taken(body), lake.now()))
    except remembered.OtherBody as refusal:
        raise HttpError(422, str(refusal)) from None


def _taken(body: bytes) -> remembered.Answer:
    now = lake.now()
    told, refused = events.read_rows(_rows(body), SOURCE, now)
    with transaction.atomic():
        receipt = events.append(told, now)
    named = [{"index": one.index, "field": one.field, "reason": one.reason} for one in refused]
    status = 202 if not refused else 207 if told else 422
    return status, {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "refused": named}


def _rows(body: bytes) -> list[Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise HttpError(400, f"the body is not JSON: {problem}; send one fact or a list of facts") from None
    rows = found if isinstance(found, list) else [found]
    if not rows:
        raise HttpError(422, "the list is empty; send one fact or more")
    if len(rows) > MOST_FACTS:
        raise HttpError(413, f"these are {len(rows):,} facts; send at most {MOST_FACTS:,} at a time")
    return rows
