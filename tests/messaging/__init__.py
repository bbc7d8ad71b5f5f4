"""Messages: how they are made, sent, and what comes back."""
