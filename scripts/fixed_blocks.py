"""Prints what a rule's fix makes of the bad cases of its page, as `fixed` blocks to read and to put onto the page.

`python scripts/fixed_blocks.py CK502` prints those that the page does not have yet, or has otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatkit_doctor.pages.catalogue import Page, page
from chatkit_doctor.scanning.flow import Options, run
from tests.page_cases import Case, cases, language_of
from tests.projects import write_exactly


def missing_blocks(page: Page) -> Iterator[str]:
    """Yield the `fixed` blocks that a page lacks."""
    for case in cases(page):
        if case.is_bad:
            for path, text in fixed_files(case).items():
                if case.fixed.get(path) != text:
                    yield f"```{language_of(path)} fixed case={case.name} path={path}\n{text}```\n"


def fixed_files(case: Case) -> dict[str, str]:
    """Return the files of a case that its rule's fix changes, as it leaves them, by their paths."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_exactly(root, case.files)
        options = Options(select=(case.page.code,), fix=True, unsafe_fixes=True, targets=case.targets)
        result = run([root], options)
        changed = result.fix_result.texts if result.fix_result is not None else {}
        return {path.relative_to(root).as_posix(): text for path, text in changed.items()}


def main() -> int:
    """Print the blocks of the pages named by their codes; return the exit code."""
    for code in sys.argv[1:]:
        print(*missing_blocks(page(code)), sep="\n", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
