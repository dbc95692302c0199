"""CK3: what a server's respond() sends to the model and streams back."""

READS = ("python",)
# Types are compared on the page as well.
READS_WEB = frozenset({"impossible_type_comparison"})
