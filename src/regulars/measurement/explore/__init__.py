"""Questions of the pages about retention and products: each is one look at the lake and a plain answer."""
