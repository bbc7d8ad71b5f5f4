"""What people are offered: their own choices, a way out, and forms to sign up by."""
