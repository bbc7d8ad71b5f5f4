"""The lake: append-only Delta tables written by delta-rs and read by DuckDB; the only room that knows either."""
