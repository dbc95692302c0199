"""`migrate`: from a chat on a hosted workflow to one with a server of its own."""
