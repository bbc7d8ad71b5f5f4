"""Killing the process at each commit point, then going on."""
