"""CK3: what a server's respond() sends to the model and streams back."""

READS = ("python",)
