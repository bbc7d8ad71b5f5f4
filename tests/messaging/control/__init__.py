"""What holds sending back, through the outbox: limits, the circuit breaker, and what other parts answer."""
