"""Prove: retention and the whole report."""
