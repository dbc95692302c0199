"""CK6: what an app depends on."""

READS = ("python", "web")
