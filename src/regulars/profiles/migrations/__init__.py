"""Database migrations of profiles: named and reversible."""
