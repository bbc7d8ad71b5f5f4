"""Know and decide: customers, products, value, who is at risk."""
