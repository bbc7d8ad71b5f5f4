"""What people may choose from, and what the shop has decided for everybody."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from regulars.consent.models import Policy, Topic
from regulars.consent.rules.terms import BadStatement, known_channel


@dataclass(frozen=True, kw_only=True)
class TopicOffered:
    """A topic as people see it: key stands in facts and links and never changes; order is its place in the list."""

    key: str
    name: str
    description: str = ""
    channels: tuple[str, ...] = ("email",)
    is_default: bool = True
    order: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the shop has decided; see rules.standing.Asked for what each means."""

    soft_opt_in: bool = False
    import_text: str = ""
    import_text_version: str = ""


def topics(channel: str = "") -> list[TopicOffered]:
    """Return the topics, of one channel or all, in their order."""
    offered = [
        TopicOffered(
            key=row.key,
            name=row.name,
            description=row.description,
            channels=tuple(row.channels.split()),
            is_default=row.is_default,
            order=row.order,
        )
        for row in Topic.objects.order_by("order", "key")
    ]
    return [one for one in offered if not channel or channel in one.channels]


def put_topic(topic: TopicOffered) -> None:
    """Add a topic or change it; raise BadStatement with what to do."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", topic.key):
        raise BadStatement(
            f"'{topic.key}' cannot be a topic's key; write small letters, digits and hyphens, 64 at most"
        )
    if not topic.name.strip() or len(topic.name) > 100:
        raise BadStatement("Give the topic a name of at most 100 letters; people read it on the preference page.")
    if len(topic.description) > 500:
        raise BadStatement("Describe the topic in at most 500 letters.")
    channels = _listed(topic.channels)
    told = {"name": topic.name.strip(), "description": topic.description.strip(), "channels": channels}
    Topic.objects.update_or_create(
        key=topic.key, defaults={**told, "is_default": topic.is_default, "order": topic.order}
    )


def drop_topic(key: str) -> None:
    """Offer a topic no more; what people said of it stays in the log and in their rows."""
    Topic.objects.filter(key=key).delete()


def is_default(topic: str) -> bool:
    """Tell whether a consent to the whole channel covers a topic; one that is offered no more is covered."""
    return Topic.objects.filter(key=topic).values_list("is_default", flat=True).first() is not False


def decided() -> Rules:
    """Return what the shop has decided."""
    row = Policy.objects.filter(pk=1).first()
    if row is None:
        return Rules()
    return Rules(soft_opt_in=row.soft_opt_in, import_text=row.import_text, import_text_version=row.import_text_version)


def decide(rules: Rules) -> None:
    """Decide for everybody; raise BadStatement where the words of imports lack their version or the version its words."""
    if bool(rules.import_text.strip()) != bool(rules.import_text_version.strip()):
        raise BadStatement("Give both the words that people agreed to and a name for this version of them, or neither.")
    if len(rules.import_text_version) > 64:
        raise BadStatement("Name the version of the words in at most 64 letters.")
    Policy.objects.update_or_create(
        pk=1,
        defaults={
            "soft_opt_in": rules.soft_opt_in,
            "import_text": rules.import_text.strip(),
            "import_text_version": rules.import_text_version.strip(),
        },
    )


def _listed(channels: Sequence[str]) -> str:
    if not channels:
        raise BadStatement("Choose at least one channel for the topic.")
    return " ".join(dict.fromkeys(known_channel(one) for one in channels))
