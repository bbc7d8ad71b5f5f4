"""Database migrations of web: named and reversible."""
