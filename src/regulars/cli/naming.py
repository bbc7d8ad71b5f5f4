"""Naming a customer on the command line."""

from regulars.cli.app import refuse


def the_customer(text: str) -> int:
    """Return the one customer that a text names; a number is the shop's own first, then the one of the page."""
    from regulars.profiles import api as profiles

    wanted = text.strip()
    found = profiles.known({"email": wanted, "phone": wanted, "id": wanted})
    number = wanted.removeprefix("#")
    if number.isdecimal() and number.isascii() and len(number) < 19 and (not found or wanted.startswith("#")):
        standing = profiles.standing(int(number))
        found = [standing] if standing is not None else []
    if not found:
        refuse(
            f"nobody is known as '{text}'; write an e-mail, a phone with its country, the shop's number, or #7 for customer 7"
        )
    if len(found) > 1:
        listed = ", ".join(f"#{one}" for one in found)
        refuse(f"'{text}' leads to several customers; name one of them: {listed}")
    return found[0]
