"""Templates as the shop keeps them: versions, the letterhead they wear, the data they get, and the letters made of them."""
