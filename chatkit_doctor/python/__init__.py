"""Reading Python with ast, and writing it."""
