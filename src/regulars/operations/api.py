"""The door of operations: starting over."""

from regulars.operations.starting_over import start_over

__all__ = ["start_over"]
