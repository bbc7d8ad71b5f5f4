"""The only way of the house to speak HTTP to the outside; everything that takes an address from a person goes through here."""

from regulars.core.outgoing.asking import Answer, Outgoing, of_the_house
from regulars.core.outgoing.names import Resolve, by_the_system
from regulars.core.outgoing.targets import Policy
from regulars.core.outgoing.troubles import BeforeSending, Forbidden, MaybeSent, Trouble

__all__ = [
    "Answer",
    "BeforeSending",
    "Forbidden",
    "MaybeSent",
    "Outgoing",
    "Policy",
    "Resolve",
    "Trouble",
    "by_the_system",
    "of_the_house",
]
