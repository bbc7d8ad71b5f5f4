"""Sending: a message is asked for and the run moves on in one transaction, so that either both are there or neither."""

from collections.abc import Mapping

import msgspec
from django.db import connection, transaction

from regulars.journeys.engine.lake import World
from regulars.journeys.engine.moving import AT_NODE, RUNS, Walk
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import Send
from regulars.messaging import api as messaging

AT_ONCE = 5_000
COLUMNS = ("customer_id", "subject", "trigger", "hops", "data", "due", "is_held_out")
Template = tuple[str, bool]  # its name, and whether it is marketing


def sent(walk: Walk, node: Node, world: World) -> int:
    """Ask for the message of everybody who stands at a node and is not held out, and move them on; return how many moved.

    Raise messaging.NoSuchTemplate where a channel has no template.
    """
    assert isinstance(node.doing, Send)
    templates = {channel: world.template_for(node.doing.template, channel) for channel in node.doing.channels}
    moved = 0
    while until := walk.until(node, AT_ONCE):
        with transaction.atomic():
            walk.check()
            world.ask_for(_asked(walk, templates, until, world), walk.now)
            moved += walk.go(node, 0, "", until)
    return moved


def _asked(
    walk: Walk, templates: Mapping[str, Template], until: Mapping[str, int], world: World
) -> list[tuple[messaging.Request, int]]:
    """Return what is asked for, each with when it was due."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM {RUNS} WHERE {AT_NODE} ORDER BY due, id", until)
        rows = [row for row in cursor.fetchall() if not row[-1]]
    channels = _channels([int(row[0]) for row in rows], templates, world)
    document = walk.plan.document
    asked = []
    for customer, subject, trigger, hops, data, due, _ in rows:
        template, is_marketing = templates[channels[customer]]
        request = messaging.Request(
            customer_id=customer,
            name=f"{walk.plan.name}/{template}"[:100],
            occurrence=f"{trigger}#{hops}",
            channel=channels[customer],
            template=template,
            is_marketing=is_marketing,
            topic=document.topic if is_marketing else "",
            data={**msgspec.json.decode(data), "journey": walk.plan.name, "subject": subject},
            strength=document.priority,
        )
        asked.append((request, due))
    return asked


def _channels(people: list[int], templates: Mapping[str, Template], world: World) -> dict[int, str]:
    """Return by which channel each is written to: the first that reaches them, else the first one, whose gate says why not."""
    names = list(templates)
    found: dict[int, str] = {}
    if len(names) > 1:
        for channel in names:
            left = [who for who in people if who not in found]
            found |= dict.fromkeys(world.reachable(left, channel, templates[channel][1]), channel)
    return {who: found.get(who, names[0]) for who in people}
