"""Programs written by chance and judged twice: by the doctor, and by Python with the real packages.

A small sample runs with the other tests; `make generated` runs all of them.
"""

from __future__ import annotations

import os

# What a sample of a whole run is made of, without `make generated`.
_SHARE = 20


def size(whole: int) -> int:
    """Return how many programs to write of a whole run."""
    return whole if os.environ.get("GENERATED") == "whole" else whole // _SHARE
