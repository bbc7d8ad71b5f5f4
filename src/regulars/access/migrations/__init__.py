"""Database migrations of access: named and reversible."""
