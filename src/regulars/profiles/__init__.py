"""Profiles: who the customers are and by which identifiers they are known; enter through regulars.profiles.api."""
