"""Pure decisions about what comes back: which bounce, machine or human, which answer, and when sending must stop."""
