"""The door of experiments: draw units into arms, and conclude at any look.

Whoever lets the draw decide tells the log so: the fact `experiment.exposed`, for every arm alike, at the same point.
"""

from regulars.experiments.rules.always_valid import (
    ALPHA,
    FEWEST_POSITIVES,
    Arm,
    Interval,
    difference,
    margin,
    of_shares,
    rho2,
)
from regulars.experiments.rules.drawing import BadShares, assign, buckets, uniforms

__all__ = [
    "ALPHA",
    "FEWEST_POSITIVES",
    "Arm",
    "BadShares",
    "Interval",
    "assign",
    "buckets",
    "difference",
    "margin",
    "of_shares",
    "rho2",
    "uniforms",
]
