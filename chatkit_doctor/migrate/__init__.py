"""From a chat on a hosted workflow to one with a server of its own: what to change, worked out, shown and written."""
