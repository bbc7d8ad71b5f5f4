"""Rehearsing: a journey walked through the shop's own past by the same engine, on a database of its own; nothing can leave it."""
