"""Core: clock, ids, money, settings, named SQL and the lake; imports nothing of the floors above."""
