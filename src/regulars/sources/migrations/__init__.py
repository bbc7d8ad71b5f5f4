"""Database migrations of sources: named and reversible."""
