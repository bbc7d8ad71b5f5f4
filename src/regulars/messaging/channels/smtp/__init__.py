"""Mail by SMTP: letters become mails, and mails are handed to one mail server over a few pipelined connections."""
