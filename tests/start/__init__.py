"""Tests of regulars start: what it looks after, and how it ends."""
