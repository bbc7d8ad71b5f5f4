"""Campaigns: broadcasts and recurring newsletters to a segment or a list, and what became of them."""
