"""CK8: what the page and its backend have to agree on."""

READS = ("python", "web")
