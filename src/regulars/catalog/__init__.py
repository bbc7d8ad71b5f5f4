"""Catalog: what the shop sells; enter through regulars.catalog.api."""
