"""Database migrations of journeys: named and reversible."""
