"""Acting: what is written to people, by which ways, and what became of it."""
