"""The door of predictions: segments by RFM, the value model with its back-test, and who is late by their own rhythm.

Lay out what is known on a day first: `known = predictions.known(moment, as_of)`; every other verb reads from it.
"""

from regulars.predictions.fitted import Fitted, fitted, outlook
from regulars.predictions.groups import late_customers, late_list, lay_out_groups, rfm_summary
from regulars.predictions.known import Known, known
from regulars.predictions.listing import FILTERS, SORTS, Listing, NoSuchFilter, countries, listing
from regulars.predictions.rules.rfm import SEGMENTS
from regulars.predictions.value import value_model
from regulars.predictions.worth import forecast, value_distribution

__all__ = [
    "FILTERS",
    "SEGMENTS",
    "SORTS",
    "Fitted",
    "Known",
    "Listing",
    "NoSuchFilter",
    "countries",
    "fitted",
    "forecast",
    "known",
    "late_customers",
    "late_list",
    "lay_out_groups",
    "listing",
    "outlook",
    "rfm_summary",
    "value_distribution",
    "value_model",
]
