"""Versions and ranges: npm's, Python's, and the release that requirements come down to."""
