"""Pure rules of measurement: intervals, survival, windows; no Django, no DuckDB."""
