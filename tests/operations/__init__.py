"""Tests of backup, restore, the fence and starting over."""
