"""Tests of the queue of long work."""
