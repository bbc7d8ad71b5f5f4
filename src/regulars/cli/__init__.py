"""The `regulars` command: each sub-command reads its request, calls one door and answers."""

from regulars.cli.app import main

__all__ = ["main"]
