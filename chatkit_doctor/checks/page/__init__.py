"""CK5: the page around ChatKit."""

READS = ("own web",)
# What forbids the page may stand in a server's program or settings.
READS_WEB = frozenset({"blocking_page_policy"})
