"""Looks a template over before anybody gets it, with data to try it with."""
