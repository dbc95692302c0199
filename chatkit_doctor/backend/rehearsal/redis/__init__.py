"""Redis in a rehearsal: a client, the keys of its server, and what its commands do to them."""
