"""Facts about people: which identifiers are theirs, who turned out to be the same, what they told of themselves."""

from regulars.events.registry import Fact, fact


@fact("customer.identified", key=("identifier",))
class CustomerIdentified(Fact):
    """An identifier (`email:…`, `phone:+…`, `id:shop:…`) belongs to the customer of the envelope."""

    identifier: str


@fact("customer.merged", key=("merged_id",))
class CustomerMerged(Fact):
    """Two customers are one person: everything of merged_id counts for the customer of the envelope."""

    merged_id: int
    reason: str | None = None


@fact("customer.updated", key=("shop", "version"))
class CustomerUpdated(Fact):
    """Attributes of a person; a field that is None says nothing. version makes the same telling the same fact."""

    shop: str = "main"
    version: str
    first_name: str | None = None
    last_name: str | None = None
    country: str | None = None
    city: str | None = None
    postcode: str | None = None
    language: str | None = None
    timezone: str | None = None
    accepts_email: bool | None = None
    accepts_sms: bool | None = None
    tags: str | None = None


@fact("customer.described", key=("shop", "version", "name"))
class CustomerDescribed(Fact):
    """Something of a person that only this shop keeps, by a name of the shop's own: a text, a number, or a day as 2024-12-31.

    The last telling counts; a value that is blank or None takes it back. version makes the same telling the same fact: no two
    people have the same one.
    """

    shop: str = "main"
    version: str
    name: str
    value: str | None = None
