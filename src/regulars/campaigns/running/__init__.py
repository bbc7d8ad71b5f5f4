"""The engine of campaigns: fix an audience, ask for its messages, decide its test, plan what comes next."""
