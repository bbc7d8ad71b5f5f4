"""Tests of browsers that show notifications."""
