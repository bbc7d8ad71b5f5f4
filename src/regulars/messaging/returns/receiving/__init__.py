"""What comes back, taken in: the request of a provider or a mail, its facts and what follows from them, in one commit."""
