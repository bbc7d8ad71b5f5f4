"""Database migrations of catalog: named and reversible."""
