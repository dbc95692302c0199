"""The manifests and lock files of npm's package managers, a reader each."""
