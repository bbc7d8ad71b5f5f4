"""The language of templates: Liquid over plain data, with every operation counted."""
