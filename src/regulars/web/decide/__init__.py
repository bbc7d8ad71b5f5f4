"""The pages of deciding: what is to happen to whom."""
