"""The door of predictions: segments by RFM, the value model with its back-test, and who is late by their own rhythm.

Lay out what is known on a day first: `known = predictions.known(moment, as_of)`; every other verb reads from it.
"""

from regulars.predictions.groups import late_customers, rfm_summary
from regulars.predictions.known import Known, known
from regulars.predictions.value import value_model

__all__ = ["Known", "known", "late_customers", "rfm_summary", "value_model"]
