"""Messages: templates, channels, the outbox that sends once, and what comes back."""
