"""A store's code on stage: gone through with imaginary rows in the place of its database, and nothing of it is run."""
