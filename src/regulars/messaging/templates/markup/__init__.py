"""From MJML to what mail programs understand: HTML, and the plain text beside it."""
