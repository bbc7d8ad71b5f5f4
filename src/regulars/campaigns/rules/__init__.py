"""The pure rules of campaigns: the document, its times, and who wins a test."""
