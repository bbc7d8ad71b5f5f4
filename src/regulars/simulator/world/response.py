"""How customers answer messages: prepared for the parts that send some, known to nobody else."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Response:
    """One kind of message: further orders per reached customer within the window, the share of them that is only taken from
    later, and what each message of the last fortnight leaves of the next one's effect."""

    lift: float
    cannibalised: float
    fatigue: float
    window_days: int = 14


KINDS = {
    "welcome": Response(0.040, 0.20, 0.90),
    "replenishment": Response(0.055, 0.45, 0.85),
    "win-back": Response(0.022, 0.10, 0.80),
    "newsletter": Response(0.008, 0.50, 0.75),
    "delivery apology": Response(0.030, 0.05, 0.95),
    "review request": Response(0.004, 0.30, 0.80),
}
CHANNELS = {"email": 1.0, "sms": 1.35, "push": 0.7}


def lift(kind: str, channel: str, sent_before: int = 0, responsiveness: float = 1.0) -> float:
    """Return the expected further orders of one customer within the kind's window, cannibalised ones still among them.

    >>> lift("win-back", "email"), round(lift("win-back", "sms", sent_before=2), 6)
    (0.022, 0.019008)
    """
    response = KINDS[kind]
    return response.lift * CHANNELS[channel] * response.fatigue**sent_before * responsiveness


def net_lift(kind: str, channel: str, sent_before: int = 0, responsiveness: float = 1.0) -> float:
    """Return the further orders that would not have come later anyway.

    >>> round(net_lift("newsletter", "email"), 6)
    0.004
    """
    return lift(kind, channel, sent_before, responsiveness) * (1.0 - KINDS[kind].cannibalised)


def described() -> dict[str, object]:
    """Return the model as plain values."""
    return {"kinds": {name: asdict(kind) for name, kind in KINDS.items()}, "channels": dict(CHANNELS)}
