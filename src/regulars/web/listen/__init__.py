"""Listen: what comes in, and what the lake holds."""
