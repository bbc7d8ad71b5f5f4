"""Tests of templates as the shop keeps them, and of the letters made of them."""
