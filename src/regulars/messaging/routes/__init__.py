"""Routes: the ways of the channels that a shop has set up, their secrets sealed, one of them active per channel."""
