"""Journeys: what happens to a person, step by step, after something happened to them."""
