"""Facts about experiments: who came to a point where the draw decided."""

from regulars.events.registry import Fact, fact


@fact("experiment.exposed", key=("experiment", "unit", "decision_point"))
class ExperimentExposed(Fact):
    """A unit came to the point where its arm makes a difference. It is told of every arm alike, also of one that does nothing.

    unit is what was drawn (a customer's number, an order …), as the draw's salt was asked about it.
    """

    experiment: str
    arm: str
    unit: str
    decision_point: str
