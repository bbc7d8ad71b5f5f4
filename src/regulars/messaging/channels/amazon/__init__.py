"""E-mail through Amazon SES: the mail is ours, the request is signed as Amazon asks, and goes the house's own way."""
