"""`regulars why CUSTOMER`: each message of a customer, and in one sentence why it was or was not sent."""

from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, start
from regulars.cli.naming import the_customer


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

    number = the_customer(customer)
    found = messaging.of_customer([number, *profiles.merged_into(number)], limit)
    payload = {"customer_id": number, "messages": [messaging.plain(one) for one in found]}
    answer(payload, json, lambda: _told(profiles.called([number]).get(number) or f"customer {number}", found))


def _told(name: str, found: list[dict[str, Any]]) -> str:
    if not found:
        return f"Nothing was written to {name}, and nothing was asked for."
    lines = [
        f"{one['created_at']:%Y-%m-%d}  {one['name'].replace('_', ' ')} ({one['channel']}, {one['occurrence']})\n            {one['sentence']}"
        for one in found
    ]
    return "\n".join([f"Messages to {name}, the newest first:", *lines])
