"""The channels: the ways on which letters leave the house."""
