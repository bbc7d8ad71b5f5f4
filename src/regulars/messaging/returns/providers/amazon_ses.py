"""Amazon SES: events in messages of Amazon SNS, each signed by a certificate that is fetched from Amazon."""

import json
from dataclasses import replace
from typing import Any

from regulars.messaging.returns import bodies, cleaning
from regulars.messaging.returns.providers import sns
from regulars.messaging.returns.providers.tracking import Hints, Provider, translated
from regulars.messaging.returns.returned import CannotRead, Kind, RawRequest, Returned
from regulars.messaging.returns.rules.bounces import Bounce

# SES calls a bounce permanent for many reasons; its sub-type tells them apart.
BOUNCES = {
    "General": Bounce.HARD,
    "NoEmail": Bounce.HARD,
    "Suppressed": Bounce.HARD,
    "OnAccountSuppressionList": Bounce.HARD,
    "MailboxFull": Bounce.SOFT,
    "MessageTooLarge": Bounce.BLOCK,
    "ContentRejected": Bounce.BLOCK,
    "AttachmentRejected": Bounce.BLOCK,
}
# Where SES's name of an event and anymail's differ from what the event says.
DELAYED = "DeliveryDelay"
LEFT = "Subscription"


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells. A topic that asks to be confirmed is other, with the address to ask in url."""
    outer = bodies.one(request)
    if outer.get("Type") != "Notification":
        return [_about_the_topic(outer, request)]
    try:
        event = bodies.parsed(message if isinstance(message := outer.get("Message"), str) else "")
    except CannotRead:
        return [_about_the_topic(outer, request)]

    def ask(view: Any) -> list[Any]:
        return list(view.esp_to_anymail_events(event, outer))

    told = translated(SES, event, ask, request.received_at)
    return [_corrected(one) for one in told] or [_about_the_topic(outer, request)]


def _about_the_topic(outer: Any, request: RawRequest) -> Returned:
    link = cleaning.plain(outer.get("SubscribeURL"), 2_000)
    word = cleaning.plain(outer.get("Type"), 60) or "unreadable"
    return Returned(
        kind=Kind.OTHER,
        provider="amazon_ses",
        channel="email",
        word=word,
        at=request.received_at,
        event_id=cleaning.plain(outer.get("MessageId"), 200) or cleaning.digest("sns", word, json.dumps(outer)),
        detail=f"A message of the topic {cleaning.plain(outer.get('TopicArn'), 200)}.",
        url=link if word == "SubscriptionConfirmation" and sns.is_amazons(link) else "",
    )


def _corrected(told: Returned) -> Returned:
    kind = {DELAYED: Kind.DEFERRED, LEFT: Kind.UNSUBSCRIBED}.get(told.word)
    return replace(told, kind=kind) if kind and told.kind is Kind.OTHER else told


def _hints(event: Any) -> Hints:
    word = cleaning.plain(event.get("eventType") or event.get("notificationType"), 60)
    bounce = bodies.under(event, "bounce")
    transient = bounce.get("bounceType") == "Transient" and bounce.get("bounceSubType") == "General"
    mail = bodies.under(event, "mail")
    first = next(iter(bodies.listed(bounce, "bouncedRecipients")), {})
    headers = {cleaning.plain(one.get("name"), 100): one.get("value") for one in bodies.listed(mail, "headers")}
    return Hints(
        word=word,
        bounce=Bounce.SOFT if transient else BOUNCES.get(cleaning.plain(bounce.get("bounceSubType"), 40)),
        code=cleaning.plain(first.get("status"), 20),
        headers={**_tags(mail), **headers},
        message_id=_named(headers, "message-id"),
        provider_id=cleaning.plain(mail.get("messageId"), 200),
    )


def _tags(mail: Any) -> dict[str, Any]:
    """Return the message's tags; SES keeps each as a list."""
    return {
        name: values[0] for name, values in bodies.under(mail, "tags").items() if isinstance(values, list) and values
    }


def _named(headers: dict[str, Any], name: str) -> str:
    return next((cleaning.plain(value, 300) for key, value in headers.items() if key.lower() == name), "")


SES = Provider("amazon_ses", "amazon_ses.AmazonSESTrackingWebhookView", _hints)
