"""Whether this installation lives, is ready, and how it does."""
