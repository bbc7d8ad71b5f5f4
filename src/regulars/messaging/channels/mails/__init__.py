"""Letters as mails: addresses, header lines, parts and signatures, ready for whichever way they leave."""
