"""Abstract evaluation: what an expression can be without running it."""
