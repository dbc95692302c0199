"""Which files there are: the walk of a folder, ignore rules, kinds by name, bytes from disk, the prefilter."""

from chatkit_doctor.project.files.kinds import Kind, kind_of
from chatkit_doctor.project.files.reading import MAX_BYTES, FileProblem, looks_generated, mentions, read_bytes
from chatkit_doctor.project.files.walk import Listing, discover

__all__ = [
    "MAX_BYTES",
    "FileProblem",
    "Kind",
    "Listing",
    "discover",
    "kind_of",
    "looks_generated",
    "mentions",
    "read_bytes",
]
