"""The drawer: keeps letters in the database instead of sending them, for the demo, trials and tests."""

from collections.abc import Iterator, Sequence

from regulars.core import bulk
from regulars.messaging.letters import Dot, Letter, Outcome, State
from regulars.messaging.models import Drawn

COLUMNS = ("key", "channel", "to", "to_name", "sender", "subject", "text", "html", "headers", "created_at")
AT_ONCE = 100


class Drawer:
    """A channel of any kind that reaches nobody. Its keys are unique, so that asking again keeps nothing twice."""

    is_idempotent = True
    lanes = AT_ONCE
    name = "drawer"

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def deliver(self, letters: Sequence[Letter], dot: Dot) -> Iterator[tuple[str, Outcome]]:
        """Keep letters."""
        for start in range(0, len(letters), AT_ONCE):
            some = letters[start : start + AT_ONCE]
            going = dot([letter.key for letter in some])
            kept = [letter for letter in some if letter.key in going]
            bulk.insert(Drawn._meta.db_table, COLUMNS, [_row(letter) for letter in kept])
            for letter in kept:
                yield letter.key, Outcome(State.SENT, "kept in the drawer", "kept")


def _row(letter: Letter) -> tuple[str, ...]:
    headers = "\n".join(f"{name}: {value}" for name, value in letter.headers.items())
    about = (
        letter.key,
        letter.channel,
        letter.to[:320],  # a browser's subscription may be longer, and nobody reads the rest
        letter.to_name,
        letter.sender,
        letter.subject,
        letter.text,
        letter.html,
    )
    return (*about, headers, bulk.instant(letter.created_at))
