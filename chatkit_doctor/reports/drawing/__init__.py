"""What formats for people are drawn with: frames of code, diffs, tables, colour, and the last lines."""
