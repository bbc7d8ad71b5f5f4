"""Ahead of asking: whom a message could reach, and what would become of it."""
