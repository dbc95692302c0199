"""What goes over the wire and how it is read: HTTP with limits, events, turns, pages and their policies."""
