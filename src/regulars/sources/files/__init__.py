"""Files: what bytes a file holds and how to read them as records, tolerant of whatever a shop exports."""
