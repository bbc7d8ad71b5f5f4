"""Consent for the shop: the log that proves it, the topics that people choose from, the forms by which they sign up."""
