"""The language of journeys: steps as people write them, how they are read, and the numbered nodes they are compiled to."""
