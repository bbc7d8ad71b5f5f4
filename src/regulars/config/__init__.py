"""Configuration: how Django is set up from the REGULARS_* settings."""
