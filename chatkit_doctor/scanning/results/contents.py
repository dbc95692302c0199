"""Digests of the files of folders: read anew, or known from before where the folder is as it was."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.project.files.digests import digest_of
from chatkit_doctor.project.files.reading import FileProblem, read_bytes

if TYPE_CHECKING:
    from chatkit_doctor.project.files.listing import Listing

# A folder's state, and the digest of each file in it by name.
KnownFolder = tuple[bytes, dict[str, bytes]]


class FolderContents:
    """What the files of folders hold.

    listing: the files, and the bytes of those that were read already.
    states: what tells the state of each folder from any other; None where nothing does, for a file in it is young.
    known: what folders held in a state.
    """

    def __init__(self, listing: Listing, states: Mapping[str, bytes | None], known: Mapping[str, KnownFolder]) -> None:
        self._listing = listing
        self._states = states
        self._known = known
        self.used: dict[str, KnownFolder] = {}

    def of(self, folder: str, names: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return a digest of each of some files in a folder, with its name, sorted."""
        state = self._states.get(folder)
        known = self._known.get(folder)
        if state is None or known is None or known[0] != state or any(name not in known[1] for name in names):
            known = (state or b"", {name: self._digest(os.path.join(folder, name)) for name in names})
        if state is not None:
            self.used[folder] = known
        return [(name, known[1][name]) for name in sorted(names)]

    def _digest(self, path: str) -> bytes:
        try:
            data = self._listing.bytes_looked_at(path)
            if data is None:
                data = read_bytes(path, top=self._listing.inside.top_of(path))
        except FileProblem as problem:
            # What the doctor would say of it, and no text of any file.
            return repr(problem.reason).encode()
        return digest_of(data)
