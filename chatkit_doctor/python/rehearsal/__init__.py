"""Going through a project's functions with imaginary values: what would be done with them, path by path.

Nothing of the project is run: its tree is walked. What cannot be known is a `Blank`; where a branch hangs on one, both
ways are gone, each in a pass of its own; where too much hangs on too little, the answer is that nobody can tell.
"""
