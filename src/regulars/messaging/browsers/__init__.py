"""Browsers that people allowed to show notifications: kept, found for a message, given up when they are gone."""
