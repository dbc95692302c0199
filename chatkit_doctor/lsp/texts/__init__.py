"""The texts of open files: what they are named by, their positions, edits of them, and what stands in for them."""
