"""What those who watch over an installation see of its requests."""
