"""ChatKit's options in a program: where they are handed over, what they are, and what is wrong with them."""
