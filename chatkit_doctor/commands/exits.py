"""How a call ends: the exit codes of the outer contract, and the one line of a call that fails."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_NOTHING_TO_SCAN = 3


def fail(message: str) -> NoReturn:
    """End the call with one line on standard error. Raises SystemExit."""
    from chatkit_doctor.reports.edge import printed

    sys.stderr.write(f"{printed(f'error: {message}')}\n")
    sys.exit(EXIT_FAILED)
