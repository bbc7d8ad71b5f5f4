"""Long work that somebody asked for: a queue with progress, results and cancelling."""
