"""Quiet hours: where a recipient may be, which hours the law and the shop leave there, and the first instant allowed."""
