"""Events: the inbox, the one log, and the kinds of facts; enter through regulars.events.api."""
