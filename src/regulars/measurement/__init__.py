"""Measurement: what the facts prove; enter through regulars.measurement.api."""
