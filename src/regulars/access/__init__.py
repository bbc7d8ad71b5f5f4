"""The people who work with this installation: who may sign in, what each may do, tokens, and who did what."""
