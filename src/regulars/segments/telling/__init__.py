"""How segments are told to people."""
