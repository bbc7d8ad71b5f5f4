"""The start of the app: first visit, what changed, what needs you, search, and long work under way."""
