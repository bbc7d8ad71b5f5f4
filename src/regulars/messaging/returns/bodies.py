"""Bodies of requests read without trusting them: JSON and forms, of a size and depth that no provider goes beyond."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from regulars.messaging.returns.returned import CannotRead, RawRequest

MOST = 10 * 1024 * 1024  # bytes; a batch of 10,000 events stays below
DEEPEST = 64
Json = Any
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"


def content_type(request: RawRequest) -> str:
    """Return a request's content type without its parameters."""
    return request.header("Content-Type").partition(";")[0].strip().lower()


def text_of(request: RawRequest) -> str:
    """Return the body as text; raise CannotRead when it is too big, packed, or not UTF-8."""
    _refuse_odd(request)
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise CannotRead(f"The body is not UTF-8: byte {problem.start} does not fit.") from None


def json_of(request: RawRequest) -> Json:
    """Return the body's JSON; raise CannotRead with the place where it is none. Of two equal keys the last counts."""
    return parsed(text_of(request))


def parsed(text: str) -> Json:
    """Return a text's JSON, without the numbers that JSON does not know (NaN) and not nested deeper than anybody nests.

    >>> parsed('{"a": 1, "a": 2}')
    {'a': 2}
    >>> parsed('{"a": NaN}')
    Traceback (most recent call last):
    regulars.messaging.returns.returned.CannotRead: The body says NaN, which is no number in JSON.
    """
    try:
        found = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise CannotRead("The body is nested too deeply.") from None
    except CannotRead:
        raise
    except json.JSONDecodeError as problem:
        raise CannotRead(f"The body is not JSON: {problem.msg} at character {problem.pos}.") from None
    except ValueError:
        raise CannotRead("The body holds a number that is too long.") from None
    if _is_deeper(found, DEEPEST):
        raise CannotRead("The body is nested too deeply.")
    return found


def rows(request: RawRequest) -> list[Mapping[str, Json]]:
    """Return the body's events: a JSON list of objects, or one object alone."""
    found = json_of(request)
    events = found if isinstance(found, list) else [found]
    if not all(isinstance(event, dict) for event in events):
        raise CannotRead("The body is JSON, but no list of events.")
    return events


def one(request: RawRequest) -> Mapping[str, Json]:
    """Return the body's one event, a JSON object."""
    found = json_of(request)
    if not isinstance(found, dict):
        raise CannotRead("The body is JSON, but no event.")
    return found


def form(request: RawRequest) -> QueryDict:
    """Return the body's form fields, encoded either way; files are left out."""
    _refuse_odd(request)
    try:
        if content_type(request) != MULTIPART:
            return QueryDict(request.body.decode("utf-8"), encoding="utf-8")
        about = {"CONTENT_TYPE": request.header("Content-Type"), "CONTENT_LENGTH": str(len(request.body))}
        return MultiPartParser(about, BytesIO(request.body), [], "utf-8").parse()[0]
    except (MultiPartParserError, SuspiciousOperation, ValueError, LookupError, OSError):
        raise CannotRead("The body is no form that can be read.") from None


def under(event: object, *path: str) -> Mapping[str, Json]:
    """Return the object under a path of keys, an empty one where there is none.

    >>> under({"a": {"b": {"c": 1}}}, "a", "b"), under({"a": [1]}, "a", "b"), under(None)
    ({'c': 1}, {}, {})
    """
    found: object = event
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def listed(event: object, key: str) -> list[Mapping[str, Json]]:
    """Return the objects of the list under a key."""
    found = event.get(key) if isinstance(event, Mapping) else None
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _refuse_odd(request: RawRequest) -> None:
    if len(request.body) > MOST:
        raise CannotRead(f"The body is bigger than {MOST // (1024 * 1024)} MB.")
    packed = request.header("Content-Encoding").strip().lower()
    if packed not in ("", "identity"):
        # Nobody packs a webhook, and what is unpacked can be a thousand times as big.
        raise CannotRead("The body says that it is packed; send it as it is.")


def _no_number(word: str) -> NoReturn:
    raise CannotRead(f"The body says {word}, which is no number in JSON.")


def _is_deeper(value: Json, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        inner = [item for item in level if isinstance(item, dict | list)]
        if not inner:
            return False
        level = [item for outer in inner for item in (outer.values() if isinstance(outer, dict) else outer)]
    return any(isinstance(item, dict | list) for item in level)
