"""Pure rules of predictions: models of buying, groups, abstention; no Django, no DuckDB."""
