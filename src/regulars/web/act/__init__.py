"""Pages of acting: what is said to customers, and in which words."""
