"""What editors name files by: URIs, of which those of scheme `file` are paths here."""

from __future__ import annotations

import os
from pathlib import Path

from pygls.uris import from_fs_path, to_fs_path


def path_of(uri: str) -> Path | None:
    """Return the file that a URI means, absolute and without `..`; None for what lies in no file system of ours."""
    try:
        path = to_fs_path(uri)
    except ValueError:  # a host that cannot be one
        return None
    if not path or "\0" in path or not os.path.isabs(path):  # noqa: PTH117 - on Windows a path has a drive
        return None
    return Path(os.path.normpath(path))


def uri_of(path: Path) -> str:
    """Return the URI of a file."""
    return from_fs_path(str(path)) or path.as_uri()
