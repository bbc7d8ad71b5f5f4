"""The door of the catalog: keep product rows up to date, rebuild them."""

from regulars.catalog.projection import reset, run_once as project

__all__ = ["project", "reset"]
