"""Addresses for others: providers that call back, links that readers follow, the pixel."""
