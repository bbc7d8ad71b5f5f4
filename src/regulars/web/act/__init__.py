"""Act: what the shop does with what it knows, and what people let it do."""
