"""Nodes at which people part: by a rule, or at random and for good."""

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import connection, transaction

from regulars.core import bulk
from regulars.experiments import api as experiments
from regulars.journeys.engine import tables
from regulars.journeys.engine.lake import At, World
from regulars.journeys.engine.moving import AT_NODE, RUNS, Walk
from regulars.journeys.models import Fallen
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.steps import Branch, Split

AT_ONCE = 20_000
WHOLE = 10_000


def branched(walk: Walk, node: Node, world: World) -> int:
    """Move on those who stand at a branch, by the first rule that holds for them now; return how many."""
    doing = node.doing
    assert isinstance(doing, Branch)
    return _parted(walk, node, lambda asked: _by_rules(doing, asked, world))


def split(walk: Walk, node: Node, world: World) -> int:
    """Move on those who stand at a split, each by the arm that they fall into for good; return how many."""
    assert isinstance(node.doing, Split)
    arms = {arm.name: arm.share for arm in node.doing.arms}
    places = {name: way for way, name in enumerate(arms)}
    name = node.doing.name

    def ways(asked: Collection[At]) -> dict[At, int]:
        fallen = fall(walk, name, arms, sorted({who for who, _ in asked}), world)
        return {one: places[fallen[one[0]]] for one in asked}

    return _parted(walk, node, ways)


def fall(walk: Walk, name: str, arms: Mapping[str, int], people: Sequence[int], world: World) -> dict[int, str]:
    """Return each customer's arm, drawn once for good, written down and told inside the caller's transaction.

    arms are names with their shares in hundredths of a percent. An arm that is no more, because a newer version has other ones, is drawn
    again.
    """
    known = _known(walk.plan.journey_id, name, people)
    drawn = draw(
        f"regulars/journey/{walk.plan.name}/{name}", arms, [who for who in people if known.get(who) not in arms]
    )
    rows = [(walk.plan.journey_id, name, who, arm, walk.clock["now"]) for who, arm in drawn.items()]
    newer = "ON CONFLICT (journey_id, split, customer_id) DO UPDATE SET arm = excluded.arm, at = excluded.at"
    columns = ("journey_id", "split", "customer_id", "arm", "at")
    bulk.insert_in_transaction(Fallen._meta.db_table, columns, rows, newer)
    world.expose(f"journey/{walk.plan.name}/{name}", drawn, walk.now)
    return {who: known[who] for who in people if who not in drawn} | drawn


def draw(salt: str, arms: Mapping[str, int], people: Sequence[int]) -> dict[int, str]:
    """Return the arm of each customer by a draw that is always the same.

    >>> draw("regulars/journey/winback/offer", {"none": 5_000, "code": 5_000}, [7])
    {7: 'code'}
    """
    names = list(arms)
    found = experiments.assign(salt, people, [share / WHOLE for share in arms.values()])
    return {who: names[arm] for who, arm in zip(people, found.tolist(), strict=True)}


def _known(journey: int, name: str, people: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(people), 500):
        some = Fallen.objects.filter(journey=journey, split=name, customer_id__in=people[start : start + 500])
        found |= dict(some.values_list("customer_id", "arm"))
    return found


def _by_rules(doing: Branch, asked: Collection[At], world: World) -> dict[At, int]:
    left, ways = set(asked), dict[At, int]()
    for number, way in enumerate(doing.ways):
        if not left:
            break
        chosen = left if way.rule is None else world.among(way.rule, left)
        ways |= dict.fromkeys(chosen, number)
        left = left - chosen
    return ways | dict.fromkeys(left, len(doing.ways))


def _parted(walk: Walk, node: Node, ways_of: Callable[[Collection[At]], dict[At, int]]) -> int:
    moved = 0
    while until := walk.until(node, AT_ONCE):
        with transaction.atomic():
            walk.check()
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id, customer_id, due FROM {RUNS} WHERE {AT_NODE}", until)
                rows = cursor.fetchall()
            ways = ways_of({(who, due) for _, who, due in rows})
            tables.fill(tables.CHOSEN, [(number, ways[who, due], 0, "") for number, who, due in rows])
            for way in sorted(set(ways.values())):
                which = f"AND id IN (SELECT id FROM {tables.CHOSEN} WHERE way = {int(way)})"
                moved += walk.go(node, way, which, until)
    return moved
