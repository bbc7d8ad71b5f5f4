"""Keeping an installation safe: backup, restore, the fence, starting over."""
