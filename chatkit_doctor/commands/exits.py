"""How a call ends: the exit codes of the outer contract, and the one line of a call that fails."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from chatkit_doctor.finding import Finding
    from chatkit_doctor.scanning.flow import ScanResult

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_NOTHING_TO_SCAN = 3


def fail(message: str) -> NoReturn:
    """End the call with one line on standard error. Raises SystemExit."""
    from chatkit_doctor.reports.edge import printed

    sys.stderr.write(f"{printed(f'error: {message}')}\n")
    sys.exit(EXIT_FAILED)


def code_of(result: ScanResult, left: Iterable[Finding], *, failed: bool = False) -> int:
    """Return the exit code of a scan. left: the findings that are still there. failed: whether something failed."""
    from chatkit_doctor.scanning.flow import has_failing

    if failed or result.internal_errors:
        return EXIT_FAILED
    if not result.selection.scanned_count:
        return EXIT_CLEAN if result.selection.is_excluded else EXIT_NOTHING_TO_SCAN
    return EXIT_FINDINGS if has_failing(left) else EXIT_CLEAN
