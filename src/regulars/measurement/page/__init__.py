"""The report as one self-contained HTML page."""

from regulars.measurement.page.render import html, policy

__all__ = ["html", "policy"]
