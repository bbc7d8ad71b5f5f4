"""A journey's nodes in plain words, for whoever checks a file."""

from datetime import timedelta

from regulars.journeys.rules.nodes import Doing, Node
from regulars.journeys.rules.reading import UNITS, WEEKDAYS
from regulars.journeys.rules.steps import Branch, Exit, OnFact, Send, Split, WaitFor, WaitForFact, WaitUntil


def said(node: Node) -> str:
    """Say what is done at a node and where each way leads; nodes are counted from 1 for people.

    >>> said(Node(0, "steps[1]", WaitFor(timedelta(days=3)), (1,)))
    '1. wait 3 days, then 2'
    """
    ways = [str(way + 1) for way in node.ways]
    return f"{node.number + 1}. {_doing(node.doing, ways)}"


def passed(node: Node, way: int, is_held_out: bool = False) -> str:
    """Say what happened to somebody at a node whom it led on by a way.

    >>> passed(Node(0, "steps[1]", WaitFor(timedelta(days=3)), (1,)), 0)
    '1. waited 3 days'
    """
    doing, begin = node.doing, f"{node.number + 1}."
    if isinstance(doing, Send):
        return f"{begin} {'held out: was not sent' if is_held_out else 'asked for'} {doing.template}"
    if isinstance(doing, WaitFor):
        return f"{begin} waited {length(doing.length)}"
    if isinstance(doing, WaitUntil):
        return f"{begin} waited until {doing.at:%H:%M}"
    if isinstance(doing, WaitForFact):
        return f"{begin} {_fact(doing.fact)} {'came' if way == 0 else f'did not come within {length(doing.at_most)}'}"
    if isinstance(doing, Branch):
        ruled = way < len(doing.ways) and doing.ways[way].rule is not None
        return f"{begin} {f'rule {way + 1} held' if ruled else 'no rule held'}"
    if isinstance(doing, Split):
        return f"{begin} fell into {doing.arms[way].name} of {doing.name}"
    return f"{begin} left"


def length(told: timedelta) -> str:
    """Say a length of time in the largest unit that holds it whole.

    >>> length(timedelta(hours=36)), length(timedelta(days=14)), length(timedelta(minutes=1))
    ('36 hours', '2 weeks', '1 minute')
    """
    minutes = int(told.total_seconds() // 60)
    unit, size = next((unit, size) for unit, size in reversed(UNITS.items()) if minutes % size == 0)
    n = minutes // size
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def _doing(doing: Doing, ways: list[str]) -> str:
    if isinstance(doing, Send):
        return f"send {doing.template} by {' or '.join(doing.channels)}, then {ways[0]}"
    if isinstance(doing, WaitFor):
        return f"wait {length(doing.length)}, then {ways[0]}"
    if isinstance(doing, WaitUntil):
        days = "" if len(doing.weekdays) == 7 else f" on {', '.join(WEEKDAYS[day] for day in sorted(doing.weekdays))}"
        return f"wait until {doing.at:%H:%M}{days}, then {ways[0]}"
    if isinstance(doing, WaitForFact):
        return f"wait for {_fact(doing.fact)}: then {ways[0]}; after {length(doing.at_most)} without it {ways[1]}"
    if isinstance(doing, Branch):
        n_rules = sum(way.rule is not None for way in doing.ways)
        told = [f"rule {n} holds: {way}" for n, way in enumerate(ways[:n_rules], 1)]
        return f"branch by {n_rules} {'rule' if n_rules == 1 else 'rules'}; {'; '.join(told)}; otherwise {ways[-1]}"
    if isinstance(doing, Split):
        told = [f"{arm.name} {arm.share / 100:g} %: {way}" for arm, way in zip(doing.arms, ways, strict=True)]
        return f"split {doing.name} at random, for good; {'; '.join(told)}"
    assert isinstance(doing, Exit)
    return f"leave: {doing.reason}"


def _fact(fact: OnFact) -> str:
    return f"{fact.source} that fits {len(fact.where)} comparisons" if fact.where else fact.source
