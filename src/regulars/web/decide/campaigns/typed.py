"""What stands in the form of a campaign: typed in fields or as text, made a document, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from regulars.campaigns import api as campaigns

N_ARMS, LONGEST, LONGEST_TEXT = 4, 500, 100_000
WAYS = ("hand", "once", "week", "month-day", "month-weekday")
FIELDS = (
    "title", "name", "audience", "template", "subject", "topic", "when", "on", "at", "weekday", "which", "day", "in", "per_minute",
    "good_for", "has_test", "test_share", "test_wait", "test_by", "test_otherwise", "test_explore", "has_again", "again_after",
    "again_subject",
)  # fmt: skip
ARM_FIELDS = ("name", "share", "template", "subject")
BLANK = {"when": "hand", "at": "10:00", "in": "shop", "day": "1", "good_for": "3 days", "test_share": "20", "test_wait": "4 hours", "test_by": "clicks", "again_after": "3 days"}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What is typed: fields and arms, or the whole as text."""

    fields: Mapping[str, str] = field(default_factory=lambda: dict(BLANK))
    arms: tuple[Mapping[str, str], ...] = ()
    text: str = ""
    is_text: bool = False

    def document(self, channels: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the document that is meant; channels says for which each template is written. Raise BadCampaign for a bad text."""
        if self.is_text:
            return campaigns.read_file(self.text)[0]
        told = self.fields
        name = told.get("name") or slugify(told.get("title", ""))[:64].strip("-").replace("_", "-")
        kind, _colon, whom = told.get("audience", "").partition(":")
        found: dict[str, Any] = {
            "name": name,
            "title": told.get("title") or name,
            "audience": {kind or "segment": whom},
        }
        found |= _present(told, "template", "subject", "topic")
        if (channel := channels.get(told.get("template", ""), "email")) != "email":
            found["channel"] = channel
        found |= {"send": sent} if (sent := _send(told)) else {}
        found |= {"per_minute": number(told["per_minute"])} if told.get("per_minute") else {}
        found |= _present(told, "good_for")
        if arms := [_arm(arm) for arm in self.arms if any(arm.values())]:
            found["arms"] = arms
        if arms and told.get("has_test"):
            found["test"] = _test(told)
        if told.get("has_again"):
            found["again"] = {"after": told.get("again_after", ""), **({"subject": told["again_subject"]} if told.get("again_subject") else {})}  # fmt: skip
        return found


def told(given: Mapping[str, str]) -> Typed:
    """Return what a form says."""

    def word(name: str, longest: int = LONGEST) -> str:
        return given.get(name, "").replace("\0", "")[:longest].strip()

    arms = tuple({part: word(f"arm{n}_{part}") for part in ARM_FIELDS} for n in range(1, N_ARMS + 1))
    text = given.get("text", "").replace("\0", "")[:LONGEST_TEXT]
    return Typed({name: word(name) for name in FIELDS}, arms, text, given.get("mode") == "text")


def of(document: Mapping[str, Any]) -> Typed:
    """Return a document in the form: in fields where they can hold it, else as text."""
    shown = Typed(_fields(document), tuple(_shown_arm(arm) for arm in document.get("arms", ())))
    channels = {str(document.get("template", "")): str(document.get("channel", "email"))}
    try:
        is_same = campaigns.read(shown.document(channels)) == campaigns.read(document)
    except campaigns.BadCampaign:
        is_same = False
    if is_same and len(shown.arms) <= N_ARMS:
        return shown
    return Typed(text=campaigns.written(document), is_text=True)


def number(text: str) -> Any:
    """Return a number that was typed; what is none stays as it is, for the reader to say so."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _present(told: Mapping[str, str], *names: str) -> dict[str, Any]:
    return {name: told[name] for name in names if told.get(name)}


def _send(told: Mapping[str, str]) -> dict[str, Any]:
    own = {"in": "recipient"} if told.get("in") == "recipient" else {}
    at = {"at": told.get("at", ""), **own}
    match told.get("when"):
        case "once":
            return {"on": told.get("on", ""), **at}
        case "week":
            return {"every": "week", "weekday": told.get("weekday", ""), **at}
        case "month-day":
            return {"every": "month", "day": number(told.get("day", "")), **at}
        case "month-weekday":
            return {"every": "month", "weekday": told.get("weekday", ""), "which": told.get("which", ""), **at}
    return {}


def _arm(told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": told.get("name", ""),
        "share": number(told.get("share", "")),
        **_present(told, "template", "subject"),
    }


def _test(told: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"share": number(told.get("test_share", "")), "wait": told.get("test_wait", ""), "by": told.get("test_by", "")}  # fmt: skip
    found |= {"otherwise": told["test_otherwise"]} if told.get("test_otherwise") else {}
    return found | ({"explore": number(told["test_explore"])} if told.get("test_explore") else {})


def _fields(document: Mapping[str, Any]) -> dict[str, str]:
    """Return a document's parts as fields; what no field holds is left out."""
    found = {**BLANK, **{name: str(document[name]) for name in ("title", "name", "template", "subject", "topic", "per_minute", "good_for") if name in document}}  # fmt: skip
    for kind, name in document.get("audience", {}).items():
        found["audience"] = f"{kind}:{name}"
    send = document.get("send") or {}
    found |= {name: str(value) for name, value in send.items()} | {"when": _way(send)}
    if test := document.get("test"):
        found |= {"has_test": "yes", **{f"test_{name}": str(value) for name, value in test.items()}}
    if again := document.get("again"):
        found |= {"has_again": "yes", **{f"again_{name}": str(value) for name, value in again.items()}}
    return found


def _way(send: Mapping[str, Any]) -> str:
    if not send:
        return "hand"
    if "on" in send:
        return "once"
    return "week" if send.get("every") == "week" else "month-day" if "day" in send else "month-weekday"


def _shown_arm(arm: Mapping[str, Any]) -> dict[str, str]:
    return {part: str(arm.get(part, "")) for part in ARM_FIELDS}
