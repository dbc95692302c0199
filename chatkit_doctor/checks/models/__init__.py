"""CK1: what the SDK's models are built from."""

READS = ("python",)
