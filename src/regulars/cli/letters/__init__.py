"""Messages from the command line: `why`, `settle`, `inbound`, `limits`, `triggers`, and the doctor's look at a sender's domain."""
