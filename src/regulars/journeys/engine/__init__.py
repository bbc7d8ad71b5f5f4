"""The engine: moves everybody who stands at a node by a few statements, at whatever point it was stopped before."""
