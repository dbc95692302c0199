"""Short digests of bytes, to tell one state of something from another."""

from __future__ import annotations

# hashlib has this very function, and loads all of OpenSSL first.
try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

SIZE = 16


def digest_of(data: bytes) -> bytes:
    """Return a digest of some bytes, SIZE bytes long."""
    return blake2b(data, digest_size=SIZE).digest()
