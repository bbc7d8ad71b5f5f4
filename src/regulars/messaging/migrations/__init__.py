"""Migrations of the messaging domain."""
