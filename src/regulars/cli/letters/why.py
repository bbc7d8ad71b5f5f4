"""`regulars why CUSTOMER`: each message of a customer, and in one sentence why it was or was not sent."""

from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start


@app.command("why")
def why(
    customer: Annotated[str, typer.Argument(help="E-mail, phone, the shop's number, or the number of the page here.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many messages, the newest first.")] = 20,
    json: AsJson = False,
) -> None:
    """Say of each message of a customer why it was or was not sent, the newest first.

    Example: regulars why ann@example.com
    """
    start()
    from regulars.messaging import api as messaging
    from regulars.profiles import api as profiles

    number = _customer(customer)
    found = messaging.of_customer([number, *profiles.merged_into(number)], limit)
    payload = {"customer_id": number, "messages": [messaging.plain(one) for one in found]}
    answer(payload, json, lambda: _told(profiles.called([number]).get(number) or f"customer {number}", found))


def _customer(text: str) -> int:
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


def _told(name: str, found: list[dict[str, Any]]) -> str:
    if not found:
        return f"Nothing was written to {name}, and nothing was asked for."
    lines = [
        f"{one['created_at']:%Y-%m-%d}  {one['name'].replace('_', ' ')} ({one['channel']}, {one['occurrence']})\n            {one['sentence']}"
        for one in found
    ]
    return "\n".join([f"Messages to {name}, the newest first:", *lines])
