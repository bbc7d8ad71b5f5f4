"""Mapping: which column means what, as data; layouts that are recognised and files that users write."""
