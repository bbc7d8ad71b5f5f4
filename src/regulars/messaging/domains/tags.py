"""Records of the form tag=value; tag=value, as DKIM and DMARC have them."""


def tags_of(record: str) -> dict[str, str]:
    """Return the tags of a record; spaces within a value that was split over lines are closed.

    >>> tags_of("v=DKIM1; k=rsa; p=MIGf MA0G")
    {'v': 'DKIM1', 'k': 'rsa', 'p': 'MIGfMA0G'}
    """
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}
