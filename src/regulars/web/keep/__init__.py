"""Keeping: settings, users, the audit log, starting over."""
