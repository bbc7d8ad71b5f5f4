"""Database migrations of jobs: named and reversible."""
