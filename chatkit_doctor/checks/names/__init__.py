"""CK1: what is imported from ChatKit, and whether the release in use has it."""

READS = ("python",)
