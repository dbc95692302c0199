"""Which files there are: the walk of a folder, ignore rules, kinds by name, bytes from disk, the prefilter.

What a folder without ChatKit needs stands here and loads nothing; `listing` is for what comes after.
"""

from chatkit_doctor.project.files.kinds import FileKind, kind_of
from chatkit_doctor.project.files.reading import MAX_BYTES, FileProblem, looks_generated, mentions, read_bytes

__all__ = [
    "MAX_BYTES",
    "FileKind",
    "FileProblem",
    "kind_of",
    "looks_generated",
    "mentions",
    "read_bytes",
]
