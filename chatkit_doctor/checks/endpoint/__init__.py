"""CK7: the endpoint that hands requests to ChatKit's server."""

READS = ("python", "web")
