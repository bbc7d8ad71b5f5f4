"""The language of journeys: what is read, what is refused and with which line, and that nodes walk as the steps stand."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from regulars.journeys import api as journeys
from regulars.journeys.rules import nodes, reading
from regulars.journeys.rules.steps import Branch, Exit, Split, Step, WaitForFact
from tests.conftest import Command

GOOD = """\
name: second-order
title: The second order
trigger:
  fact: order
  where:
    - {field: total, at_least: 20}
audience: {field: orders, is: 1}
again: {after: 90 days}
exit_on: [refund]
goal: order
steps:
  - wait: {for: 5 days}
  - wait: {until: "10:00", on: [monday, tuesday]}
  - branch:
      - when: {field: net, at_least: 100}
        steps:
          - send: {template: thank_you, channel: sms, or: [email]}
          - exit: thanked
      - otherwise:
          - label: ask
          - send: second_order
  - wait: {until_fact: {fact: order}, at_most: 10 days}
    came:
      - exit: came back
    timed_out:
      - split: offer
        arms:
          - {name: none, share: 50, steps: [exit]}
          - name: code
            share: 50
            steps:
              - goto: ask
"""


def test_a_journey_is_compiled_to_numbered_nodes_in_the_order_in_which_people_come() -> None:
    journey, found = journeys.read_file(GOOD)
    assert (journey.name, journey.subject, journey.priority) == ("second-order", "customer", 50)
    assert [journeys.said(node) for node in found] == [
        "1. wait 5 days, then 2",
        "2. wait until 10:00 on monday, tuesday, then 3",
        "3. branch by 1 rule; rule 1 holds: 4; otherwise 6",
        "4. send thank_you by sms or email, then 5",
        "5. leave: thanked",
        "6. send second_order by email, then 7",
        "7. wait for order: then 8; after 10 days without it 9",
        "8. leave: came back",
        "9. split offer at random, for good; none 50 %: 10; code 50 %: 6",
        "10. leave: the journey's end",
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("5 days", "5 dayz"), "line 12: steps[1].wait.for: a length of time must stand here, as 90 minutes"),
        (("monday,", "munday,"), "line 13: steps[2].wait.on: 'munday' is no weekday; there are monday"),
        (('"10:00"', '"25:00"'), "line 13: steps[2].wait.until: a time of day must stand here"),
        (("field: net", "field: nett"), "line 15: steps[3].branch[1].when.field: there is no field 'nett'; did you mean 'net'?"),
        (("channel: sms", "channel: fax"), "line 17: steps[3].branch[1].steps[1].send.channel: 'fax' is no channel"),
        (("goto: ask", "goto: asq"), "line 32: steps[4].timed_out[1].arms[2].steps[1].goto: there is no label 'asq'; did you mean 'ask'?"),
        (("share: 50, ", "share: 40, "), "line 27: steps[4].timed_out[1].arms: the shares of the arms make 90 and not 100"),
        (("exit: thanked", "leave: thanked"), "line 18: steps[3].branch[1].steps[2]: a step says exactly one of send, wait"),
        (("total, at", "totel, at"), "line 6: trigger.where[1]: order has no field 'totel'; did you mean 'total'?"),
        (("- wait: {for: 5 days}", "- exit\n  - wait: {for: 5 days}"), "line 13: steps[2]: nobody comes here"),
        (("[refund]", "[refunds]"), "line 9: exit_on[1].fact: nobody does 'refunds'; did you mean 'refund'?"),
        (("again:", "agein:"), "line 8: agein: nothing of this name belongs here; did you mean 'again'?"),
        (("audience: {field: orders, is: 1}", "subject: order"), None),
        (("  fact: order\n", "  fact: message.clicked\n"), "line 6: trigger.where[1]: message.clicked has no field 'total'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(wrong: tuple[str, str], told: str | None) -> None:
    text = GOOD.replace(*wrong, 1)
    if told is None:
        assert journeys.read_file(text)[0].subject == "order"
        return
    with pytest.raises(journeys.BadJourney) as problem:
        journeys.read_file(text)
    assert str(problem.value).startswith(told)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{"label": "a"}, {"send": "x"}, {"goto": "a"}], "a circle in which nobody ever waits"),
        ([{"label": "a"}, {"goto": "a"}], "lead to one another and to nothing else"),
        ([{"label": "a"}, {"branch": [{"when": {"field": "orders", "is": 1}, "steps": [{"goto": "a"}]}]}], "nobody ever waits"),
        ([{"label": "a"}, {"label": "a"}], "stands at steps[1].label already"),
        ([{"branch": [{"otherwise": []}, {"otherwise": []}]}], "otherwise comes last"),
        ([{"split": "s", "arms": [{"name": "a", "share": 100.0}]}], "a share of the people"),
        ([{"send": "x"}] * 300, "at most 200 steps"),
        ("exit", "a list must stand here"),
        ([3], "names and values must stand here"),
        ([{"wait": {"for": "0 days"}}], "a length of time"),
    ],
)  # fmt: skip
def test_what_would_never_end_or_never_begin_is_refused(steps: Any, told: str) -> None:
    with pytest.raises(journeys.BadJourney, match=told.replace("[", r"\[")):
        nodes.compiled(reading.read({"name": "a", "trigger": "order", "steps": steps}))


def test_a_circle_with_a_wait_in_it_is_a_journey() -> None:
    steps = [{"label": "again"}, {"send": "x"}, {"wait": {"for": "1 day"}}, {"goto": "again"}]
    found = nodes.compiled(reading.read({"name": "a", "trigger": "order", "steps": steps}))
    assert [node.ways for node in found] == [(1,), (0,)]


PLAIN = st.sampled_from(
    [{"send": "x"}, {"wait": {"for": "1 day"}}, {"wait": {"until": "09:00"}}, {"exit": "over"}, "exit"]
)
RULE = {"field": "orders", "is": 1}


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    many = st.lists(inner, max_size=3)
    return st.one_of(
        st.tuples(many, many).map(
            lambda two: {
                "wait": {"until_fact": "order", "at_most": "1 day"}, "came": two[0], "timed_out": two[1],
            }
        ),
        st.lists(many, min_size=1, max_size=2).map(
            lambda ways: {"branch": [{"when": RULE, "steps": way} for way in ways]}
        ),
        st.tuples(many, many).map(lambda two: {"branch": [{"when": RULE, "steps": two[0]}, {"otherwise": two[1]}]}),
        st.tuples(st.uuids(), many, many).map(
            lambda two: {
                "split": f"s{two[0].hex[:12]}",
                "arms": [{"name": "a", "share": 50, "steps": two[1]}, {"name": "b", "share": 50, "steps": two[2]}],
            }
        ),
    )  # fmt: skip


def without_dead_ends(steps: list[Any]) -> list[Any]:
    """Drop what stands behind an exit: nobody would come to it, and it is refused."""
    kept: list[Any] = []
    for step in steps:
        kept.append(_inside(step))
        if step == "exit" or "exit" in step:
            break
    return kept


def _inside(step: Any) -> Any:
    if isinstance(step, str):
        return step
    told = {
        name: without_dead_ends(part) if name in ("came", "timed_out", "steps", "otherwise") else part
        for name, part in step.items()
    }
    for name in ("branch", "arms"):
        if name in told:
            told[name] = [_inside(way) for way in told[name]]
    return told


@settings(max_examples=150)
@given(
    st.lists(st.recursive(PLAIN, nested, max_leaves=12), max_size=4).map(without_dead_ends),
    st.lists(st.integers(0, 5), max_size=30),
)
def test_nodes_lead_everybody_the_way_that_the_steps_stand(steps: list[Any], choices: list[int]) -> None:
    journey = reading.read({"name": "a", "trigger": "order", "steps": steps})
    found = nodes.compiled(journey)
    assert [node.number for node in found] == list(range(len(found)))
    chosen = iter(choices + [0] * 300)
    walked, at = [], found[0]
    while at.ways:
        walked.append(at.place)
        at = found[at.ways[next(chosen) % len(at.ways)]]
    chosen = iter(choices + [0] * 300)
    plain: list[str] = []
    ended = _walk(journey.steps, chosen, plain)
    assert (
        walked == plain[: len(plain) - bool(ended and plain and isinstance(at.doing, Exit) and plain[-1] == at.place)]
    )


def _walk(steps: tuple[Step, ...], chosen: Any, walked: list[str]) -> bool:
    """Walk the steps as they stand; say whether an exit was come to."""
    for step in steps:
        walked.append(step.place)
        action = step.action
        if isinstance(action, Exit):
            return True
        if isinstance(action, Branch):
            ways = [way.steps for way in action.ways] + ([()] if action.ways[-1].rule is not None else [])
        elif isinstance(action, Split):
            ways = [arm.steps for arm in action.arms]
        elif isinstance(action, WaitForFact):
            ways = [action.came, action.timed_out]
        else:
            ways = [()]
        if _walk(ways[next(chosen) % len(ways)], chosen, walked):
            return True
    return False


def test_a_user_checks_a_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "second.yaml"
    file.write_text(GOOD, encoding="utf-8")
    said = command("journeys", "check", file)
    assert said.stdout.splitlines()[:2] == ["The second order: 10 steps.", "1. wait 5 days, then 2"], said.stderr
    file.write_text(GOOD.replace("5 days", "5 dayz"), encoding="utf-8")
    refused = command("journeys", "check", file)
    assert refused.returncode == 1
    assert "second.yaml: line 12: steps[1].wait.for: a length of time must stand here" in refused.stderr
