"""Imports: a staged file becomes facts in the lake, chunk by chunk, restartable anywhere."""
