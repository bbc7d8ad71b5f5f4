"""Reading consent: where people stand now, and the log that proves it."""
