"""Who may be written to: consent, suppression, and the gate's rules."""
