"""Documents that people write: read with the line of every part, so that a mistake can be pointed at."""
