"""What became of messages: counted, listed, told in sentences, decided on where nobody knows, and the letters that were kept."""
