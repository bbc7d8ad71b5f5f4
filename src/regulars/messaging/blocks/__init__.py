"""Blocks that templates share: kept in versions, and live only where nothing that uses them would break."""
