"""The people who work here: who may sign in, and who may do what."""
