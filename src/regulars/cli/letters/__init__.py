"""`regulars why`, `settle` and `inbound`: messages from the command line."""
