"""What a view says about itself: which permission it asks for and by which methods; a view that says nothing is shut."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
ANYBODY = "anybody"  # signed in or not
READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Gate:
    """permission is ANYBODY or one of access.Permission; unsafe methods may ask for more by `to_change`."""

    permission: str
    methods: tuple[str, ...]
    to_change: str = ""

    def needed(self, method: str) -> str:
        """Return the permission that a request of this method needs."""
        return self.to_change or self.permission if method not in READING else self.permission


def page(permission: str = "see") -> Callable[[View], View]:
    """Mark a page that only shows something."""
    return _marked(Gate(permission, READING))


def change(permission: str) -> Callable[[View], View]:
    """Mark an address that changes something; it takes POST alone."""
    return _marked(Gate(permission, ("POST",)))


def form(permission: str, to_change: str) -> Callable[[View], View]:
    """Mark a page that shows a form and takes it."""
    return _marked(Gate(permission, (*READING, "POST"), to_change))


def public(*methods: str) -> Callable[[View], View]:
    """Mark an address for anybody."""
    return _marked(Gate(ANYBODY, methods or READING))


def gate_of(view: Callable[..., Any]) -> Gate | None:
    """Return what a view says about itself."""
    found = getattr(view, "gate", None)
    return found if isinstance(found, Gate) else None


def _marked(gate: Gate) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.gate = gate  # type: ignore[attr-defined]  # read by the doorkeeper and by the test of all routes
        return view

    return mark
