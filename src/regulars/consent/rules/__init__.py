"""The rules of consent: what counts as one, what stands of all that was said, what the laws make of it."""
