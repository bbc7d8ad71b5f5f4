"""Getting in: the password, how often one may be wrong, and the authenticator app."""
