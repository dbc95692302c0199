"""The HTTP side of a backend: its routes, and the calls that hand a request to ChatKit's server."""
