"""SparkPost: a JSON list of wrapped events. It signs nothing; HTTP Basic authentication or a bearer token proves it."""

from typing import Any

from regulars.messaging.returns import bodies, cleaning
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.signatures import basic_or_bearer as verify

# SparkPost's classes of bounces.
BOUNCES = {
    "10": Bounce.HARD,  # invalid recipient
    "30": Bounce.HARD,  # no such recipient
    "90": Bounce.HARD,  # unsubscribed
    "20": Bounce.SOFT,
    "21": Bounce.SOFT,  # DNS
    "22": Bounce.SOFT,  # mailbox full
    "23": Bounce.BLOCK,  # too large
    "24": Bounce.SOFT,  # time-out
    "40": Bounce.SOFT,
    "70": Bounce.SOFT,
    "25": Bounce.BLOCK,
    "50": Bounce.BLOCK,
    "51": Bounce.BLOCK,
    "52": Bounce.BLOCK,
    "53": Bounce.BLOCK,
    "54": Bounce.BLOCK,
}


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells; an empty one is SparkPost's question whether anybody is there."""
    return [told for wrapped in bodies.rows(request) for told in _event(wrapped, request)]


def _event(wrapped: Any, request: RawRequest) -> list[Returned]:
    def ask(view: Any) -> list[Any]:
        outer, inner, raw = view.unwrap_event(wrapped)
        return [] if inner is None else [view.esp_to_anymail_event(outer, inner, raw)]

    return translated(SPARKPOST, wrapped, ask, request.received_at)


def _hints(wrapped: Any) -> Hints:
    event: Any = next(iter(bodies.under(wrapped, "msys").values()), {})
    return Hints(
        word=cleaning.plain(event.get("type"), 60),
        bounce=BOUNCES.get(cleaning.plain(event.get("bounce_class"), 10)),
        code=cleaning.plain(event.get("error_code"), 20),
        told_machine="fetched ahead, SparkPost says" if event.get("is_prefetched") in (True, "true") else "",
        provider_id=cleaning.plain(event.get("transmission_id"), 200),
    )


SPARKPOST = Provider("sparkpost", "sparkpost.SparkPostTrackingWebhookView", _hints)

__all__ = ["read", "verify"]
