"""The outbox: requests, leases, dot marks, outcomes; a message leaves once, or is listed."""
