"""The open thread in the browser: the handlers that learn its id, the storage that keeps it."""
