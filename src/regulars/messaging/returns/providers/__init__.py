"""Providers of e-mail: each one's words for what became of a mail, translated by a table of its own."""
