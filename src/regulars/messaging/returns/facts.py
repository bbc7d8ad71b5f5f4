"""From what came back to facts of the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.events import api as events
from regulars.messaging.returns.returned import Kind, Returned
from regulars.messaging.returns.rules.answers import Answer
from regulars.messaging.returns.rules.bounces import Bounce
from regulars.messaging.returns.rules.machine import Touch, Verdict, judge


@dataclass(frozen=True, kw_only=True)
class About:
    """What the outbox knows of a message that something came back about."""

    message_key: str
    channel: str
    is_marketing: bool
    campaign: str | None = None
    template: str | None = None
    provider: str | None = None
    provider_id: str | None = None
    delivered_at: datetime | None = None


def fact_of(returned: Returned, about: About, verdict: Verdict | None = None) -> events.Fact | None:
    """Return the fact that something came back, or None for what is only kept and counted.

    Opens and clicks are judged as if they were alone, unless a verdict says better (rules.machine.judge_all sees bursts).
    """
    own = _OWN.get(returned.kind)
    if own is None:
        return None
    judged = verdict or judge(touch_of(returned, about)) if returned.kind in (Kind.OPENED, Kind.CLICKED) else None
    fields = {name: value for name, value in own(returned, judged).items() if value not in ("", None)}
    return events.read(f"message.{returned.kind}", {**_common(returned, about), **fields})


def touch_of(returned: Returned, about: About) -> Touch:
    """Return an open or a click as the judge of machines wants it."""
    return Touch(
        message_key=about.message_key,
        at=returned.at,
        link=(returned.url or "a link") if returned.kind is Kind.CLICKED else "",
        user_agent=returned.user_agent,
        delivered_at=about.delivered_at,
        told=returned.told_machine,
    )


def _common(returned: Returned, about: About) -> dict[str, Any]:
    return {
        "message_key": about.message_key,
        "channel": about.channel,
        "is_marketing": about.is_marketing,
        "campaign": about.campaign,
        "template": about.template,
        "provider": about.provider or returned.provider,
        "provider_id": about.provider_id or returned.provider_id or None,
    }


def _nothing(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    return {}


def _deferred(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    return {"provider_event": returned.event_id, "code": returned.code, "detail": returned.detail}


def _bounced(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    return {"bounce": str(returned.bounce or Bounce.SOFT), "code": returned.code, "detail": returned.detail}


def _failed(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    return {"code": returned.code, "detail": returned.detail, "reason": returned.reason}


def _touched(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    assert verdict is not None
    judged = {"is_machine": verdict.is_machine, "machine_reason": verdict.reason if verdict.is_machine else None}
    return {"provider_event": returned.event_id, "url": returned.url, **judged}


def _said(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    return {"detail": returned.detail}


def _replied(returned: Returned, verdict: Verdict | None) -> Mapping[str, object]:
    return {"provider_event": returned.event_id, "reply": str(returned.answer or Answer.OTHER)}


_OWN: Mapping[Kind, Callable[[Returned, Verdict | None], Mapping[str, object]]] = {
    Kind.SENT: _nothing,
    Kind.DELIVERED: _nothing,
    Kind.DEFERRED: _deferred,
    Kind.BOUNCED: _bounced,
    Kind.FAILED: _failed,
    Kind.OPENED: _touched,
    Kind.CLICKED: _touched,
    Kind.COMPLAINED: _said,
    Kind.UNSUBSCRIBED: _said,
    Kind.REPLIED: _replied,
}
