"""Pages of templates and of the brand that they wear."""
