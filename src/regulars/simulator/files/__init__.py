"""The shop as files: columns of text, and the tables that the importer reads."""
