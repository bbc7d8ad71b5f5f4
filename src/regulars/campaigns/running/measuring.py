"""What became of an edition, out of the lake: its messages, its human clicks, its arms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regulars.campaigns.rules.plan import Plan
from regulars.campaigns.rules.winning import Measured
from regulars.core import sql
from regulars.core.lake.moment import Moment


@dataclass(frozen=True)
class Counts:
    """How many people an edition's messages were sent to, refused by reason, failed; who followed a link, left, complained."""

    sent: int = 0
    failed: int = 0
    clicked: int = 0
    left: int = 0
    complained: int = 0
    bounced: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


def counts(moment: Moment, name: str) -> Counts:
    """Return what became of the messages of this name."""
    rows = moment.rows(sql.load("regulars.campaigns")["became"], campaign=name)
    found = {(str(kind), str(reason or "")): int(n) for kind, reason, n in rows}
    refused = {reason: n for (kind, reason), n in found.items() if kind == "refused"}
    one = {kind: n for (kind, _reason), n in found.items()}
    return Counts(
        one.get("sent", 0), one.get("failed", 0), one.get("clicked", 0), one.get("left", 0), one.get("complained", 0),
        one.get("bounced", 0), dict(sorted(refused.items(), key=lambda item: -item[1])),
    )  # fmt: skip


def arms(moment: Moment, plan: Plan, name: str, turn: str = "test") -> Sequence[Measured]:
    """Return each arm with those exposed to it in a turn, and how many did what the test is about; clicks where there is none.

    Of two who turned out to be one, the arm that they met first counts.
    """
    by = plan.test.by if plan.test else "clicks"
    rows = moment.rows(sql.load("regulars.campaigns")[f"arms_by_{by}"], campaign=name, turn=turn)
    found = {str(arm): (int(n), int(positives)) for arm, n, positives in rows}
    return [Measured(arm.name, *found.get(arm.name, (0, 0))) for arm in plan.arms]
