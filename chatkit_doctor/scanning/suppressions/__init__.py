"""Ignore comments: which findings they hide, which of them are idle or wrong, and writing them for what stands.

`# chatkit-doctor: ignore[CK301] reason`, in every comment syntax, trailing on a line or alone above it, and
`ignore-file[…]` above the first code of a file. Only files that hold the words `chatkit-doctor:` are looked into.
"""

from chatkit_doctor.scanning.suppressions.adding import add_ignores
from chatkit_doctor.scanning.suppressions.project_ignores import Suppressions

__all__ = ["Suppressions", "add_ignores"]
