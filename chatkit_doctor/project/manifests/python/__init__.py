"""The manifests and lock files of Python's package managers, a reader each."""
