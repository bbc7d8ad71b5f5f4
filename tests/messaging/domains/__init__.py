"""Records of senders' domains and what is said of them."""
