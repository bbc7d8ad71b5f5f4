"""WhatsApp's Cloud API: what became of a message, answers, and who wants no more marketing; JSON signed with HMAC-SHA256."""

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.core import sealing
from regulars.messaging.returns import bodies, cleaning, signatures
from regulars.messaging.returns.returned import BadSignature, Kind, RawRequest, Returned
from regulars.messaging.returns.rules.answers import Answer, answer_of
from regulars.messaging.returns.rules.bounces import Bounce

KINDS = {"sent": Kind.SENT, "delivered": Kind.DELIVERED, "read": Kind.OPENED, "failed": Kind.FAILED}
# Meta's error codes that say something of the number or of the sender.
BOUNCES = {
    "131026": Bounce.SOFT,  # undeliverable: no WhatsApp, an old version, terms not accepted
    "131030": Bounce.BLOCK,  # number not on the list of allowed ones
    "131031": Bounce.BLOCK,  # account locked
    "131047": Bounce.BLOCK,  # more than 24 hours since the last answer
    "131048": Bounce.BLOCK,  # spam limit
    "131049": Bounce.BLOCK,  # Meta holds marketing back
    "130472": Bounce.BLOCK,  # part of an experiment of Meta's
    "131056": Bounce.SOFT,  # too many to one number
    "130429": Bounce.SOFT,  # rate limit
}
LEFT = "131050"  # the recipient wants no marketing of this sender
PREFERENCES = {"stop": Answer.STOP, "resume": Answer.START}


def verify(request: RawRequest, secrets: Sequence[str]) -> None:
    """Check X-Hub-Signature-256 over the raw body; a secret is the app's secret."""
    given = request.header("X-Hub-Signature-256")
    made = signatures.hex_sha256(request.body)
    signatures.require(signatures.fits(lambda one: f"sha256={made(one)}", given, secrets))


def challenge(request: RawRequest, tokens: Sequence[str]) -> str:
    """Return what Meta's GET wants to hear when a webhook is set up; raise BadSignature when its token is none of ours."""
    query = request.query()
    if query.get("hub.mode") != "subscribe":
        raise BadSignature("this is no request to set a webhook up")
    signatures.require(signatures.fits(lambda one: one, query.get("hub.verify_token", ""), tokens))
    return cleaning.plain(query.get("hub.challenge"), 200)


def read(request: RawRequest) -> list[Returned]:
    """Return what the request tells: states, answers and wishes of several people."""
    told: list[Returned] = []
    for entry in bodies.listed(bodies.one(request), "entry"):
        for change in bodies.listed(entry, "changes"):
            told += _change(change, request)
    return told


def _change(change: Mapping[str, Any], request: RawRequest) -> list[Returned]:
    value = bodies.under(change, "value")
    states = [_state(one, request) for one in bodies.listed(value, "statuses")]
    answers = [_answer(one, request) for one in bodies.listed(value, "messages")]
    wishes = [_wish(one, request) for one in bodies.listed(value, "user_preferences")]
    return states + answers + wishes or [_other(change, request)]


def _state(state: Mapping[str, Any], request: RawRequest) -> Returned:
    word, number = cleaning.plain(state.get("status"), 40), cleaning.plain(state.get("id"), 200)
    error = next(iter(bodies.listed(state, "errors")), {})
    code, address = cleaning.plain(error.get("code"), 20), cleaning.phone(state.get("recipient_id"))
    kind, bounce = KINDS.get(word, Kind.OTHER), BOUNCES.get(code)
    kind = Kind.BOUNCED if kind is Kind.FAILED and bounce else kind
    said = cleaning.plain(bodies.under(error, "error_data").get("details")) or cleaning.plain(error.get("title"))
    return Returned(
        kind=kind,
        provider="whatsapp",
        channel="whatsapp",
        word=word or "unreadable",
        at=cleaning.seconds(state.get("timestamp"), request.received_at),
        event_id=f"{number}:{word}" if number else cleaning.digest("whatsapp", repr(state)),
        message_key=cleaning.a_key(state.get("biz_opaque_callback_data")),
        provider_id=number,
        bounce=bounce if kind is Kind.BOUNCED else None,
        code=code,
        reason="unsubscribed" if code == LEFT else "",
        detail=cleaning.anonymous(said, address),
        address=address,
    )


def _answer(message: Mapping[str, Any], request: RawRequest) -> Returned:
    word = cleaning.plain(message.get("type"), 40)
    said = (
        bodies.under(message, "text").get("body")
        or bodies.under(message, "button").get("text")
        or bodies.under(message, "interactive", "button_reply").get("title")
        or bodies.under(message, "interactive", "list_reply").get("title")
    )
    text, number = cleaning.plain(said, 4_096), cleaning.plain(message.get("id"), 200)
    return Returned(
        kind=Kind.REPLIED,
        provider="whatsapp",
        channel="whatsapp",
        word=word or "message",
        at=cleaning.seconds(message.get("timestamp"), request.received_at),
        event_id=number or cleaning.digest("whatsapp", repr(message)),
        # The message that was answered, where the answer quotes one.
        provider_id=cleaning.plain(bodies.under(message, "context").get("id"), 200),
        answer=answer_of(text),
        address=cleaning.phone(message.get("from")),
        text=text,
    )


def _wish(wish: Mapping[str, Any], request: RawRequest) -> Returned:
    word, at = cleaning.plain(wish.get("value"), 20).lower(), wish.get("timestamp")
    return Returned(
        kind=Kind.REPLIED if word in PREFERENCES else Kind.OTHER,
        provider="whatsapp",
        channel="whatsapp",
        word=f"preference {word}",
        at=cleaning.seconds(at, request.received_at),
        # A digest of a phone number could be undone by trying them all, so this name needs the home's key.
        event_id=sealing.fingerprint(f"{wish.get('wa_id')} {word} {at}", "whatsapp-preference")[:32],
        answer=PREFERENCES.get(word),
        address=cleaning.phone(wish.get("wa_id")),
        detail=cleaning.anonymous(wish.get("detail")),
    )


def _other(change: Mapping[str, Any], request: RawRequest) -> Returned:
    return Returned(
        kind=Kind.OTHER,
        provider="whatsapp",
        channel="whatsapp",
        word=cleaning.plain(change.get("field"), 60) or "unreadable",
        at=request.received_at,
        event_id=cleaning.digest("whatsapp", repr(change)),
    )
