"""Messages from the command line: `regulars why`, `inbound`, `limits`, `triggers`, and the doctor's look at a sender's domain."""
