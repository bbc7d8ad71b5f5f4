"""What is done at nodes that do more than wait."""
