"""`regulars inbound`: a mail server hands over what came to the address for bounces and answers."""

import sys

from regulars.cli.app import AsJson, answer, app, refuse, start


@app.command("inbound")
def inbound(json: AsJson = False) -> None:
    """Take one mail from standard input: a bounce, a complaint, or an answer to a message. Told again, it changes nothing.

    Example: regulars inbound < bounce.eml
    """
    now = start()
    from regulars.messaging import api as messaging

    try:
        taken = messaging.receive_mail(sys.stdin.buffer.read(messaging.LARGEST_MAIL + 1), now)
    except messaging.CannotRead as problem:
        refuse(str(problem))
    told = {"told": taken.told, "new": taken.new, "known": taken.known, "unmatched": taken.unmatched}
    answer(told, json, lambda: _in_words(told))


def _in_words(told: dict[str, int]) -> str:
    if told["new"]:
        return f"Taken: {told['new']} new."
    return "Known already." if told["known"] else "Taken; it is about no message of ours, so nothing follows from it."
