"""The management API: what the pages show, for programs, with tokens and an OpenAPI description."""
