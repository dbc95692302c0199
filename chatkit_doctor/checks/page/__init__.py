"""CK5: the page around ChatKit."""

READS = ("web",)
