"""What comes back about messages."""
