"""Database migrations of events: named and reversible."""
