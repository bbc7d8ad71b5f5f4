"""Segments: rules that say which customers belong together, and who belongs to them now."""
