"""What a shop holds its sending by: limits, the circuit breaker, and questions that other parts answer."""
