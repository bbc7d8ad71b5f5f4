"""The frame around every page: navigation, charts and tables, formats, faults, headers."""
