"""Predictions: what customers will do, with intervals, and honest abstention on thin data.

For notebooks: `from regulars.predictions import fit_bg_nbd, fit_gamma_gamma`; these are pure functions over arrays.
"""

from regulars.predictions.rules.bg_nbd import BgNbd, DidNotConverge, fit_bg_nbd
from regulars.predictions.rules.gamma_gamma import GammaGamma, fit_gamma_gamma
from regulars.predictions.rules.histories import Histories, counted
from regulars.predictions.rules.late import Rhythm, fit_rhythm
from regulars.predictions.rules.rfm import SEGMENTS, fifths, segment

__all__ = [
    "SEGMENTS",
    "BgNbd",
    "DidNotConverge",
    "GammaGamma",
    "Histories",
    "Rhythm",
    "counted",
    "fifths",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_rhythm",
    "segment",
]
