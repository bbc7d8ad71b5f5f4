"""`regulars why` and `inbound`: messages from the command line."""
