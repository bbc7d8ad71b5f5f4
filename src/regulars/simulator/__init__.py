"""A synthetic shop with known truth: demo, test bed and load."""
