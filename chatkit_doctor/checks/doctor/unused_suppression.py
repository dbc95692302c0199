"""An ignore comment, or a code in one, that hides nothing (CK901)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.words import joined

if TYPE_CHECKING:
    from chatkit_doctor.source import Location

CODE = "CK901"


def unused_suppression(
    at: Location, idle: Iterable[str], remove: Callable[[], Edit], *, is_whole: bool, is_of_file: bool
) -> Finding:
    """Return the finding about a comment.

    at: the comment, or its idle codes. idle: these codes. remove: makes the edit that takes them out.
    is_whole: whether the comment has no other code. is_of_file: whether it is about a whole file.
    """
    names = joined(sorted(set(idle)))
    what = "the ignore comment" if is_whole else f"{names} from the ignore comment"
    return Finding(
        CODE,
        at,
        f"ignoring {names} hides nothing",
        label="no such finding in this file" if is_of_file else "no such finding on the line",
        help=f"remove {what}",
        fix=Fix(f"remove {what}", Applicability.SAFE, lambda: [remove()]),
    )
