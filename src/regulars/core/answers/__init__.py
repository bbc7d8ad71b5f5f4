"""Answers kept for as long as they hold, or a little longer while newer ones are made."""
