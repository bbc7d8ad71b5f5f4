"""Database migrations of consent: named and reversible."""
