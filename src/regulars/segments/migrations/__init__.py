"""Database migrations of segments: named and reversible."""
