"""Experiments: who gets which arm, and what may be concluded at any look."""
