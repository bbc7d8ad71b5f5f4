"""Commands about deciding: who belongs together, and what happens to them step by step."""
