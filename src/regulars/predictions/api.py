"""The door of predictions: segments by RFM, the value model with its back-test, and who is late by his own rhythm."""

from regulars.predictions.groups import late_customers, rfm_summary
from regulars.predictions.value import value_model

__all__ = ["late_customers", "rfm_summary", "value_model"]
