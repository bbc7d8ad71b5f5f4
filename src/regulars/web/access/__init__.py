"""Signing in and the first visit: who is let in, and how."""
