"""Sources: where facts come from; enter through regulars.sources.api."""
