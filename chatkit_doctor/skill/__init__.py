"""What a coding agent is to know of ChatKit before it writes any: made from the rule pages and the reference app."""
