"""What a release needs to know: `check VERSION` whether it can be made, `notes VERSION` what is new in it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


def version(root: Path = ROOT) -> str:
    """Return the version of the code. Raises SystemExit where there is none."""
    found = _VERSION.search((root / "chatkit_doctor" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("chatkit_doctor/__init__.py has no __version__")
    return found[1]


def notes(wanted: str, root: Path = ROOT) -> str:
    """Return what the changelog says of a version. Raises SystemExit where it says nothing."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n## [{wanted}]")
    _, _, section = rest.partition("\n")
    said = section.partition("\n## ")[0].strip()
    if not found or not said:
        raise SystemExit(f"CHANGELOG.md has no section [{wanted}]")
    return f"{said}\n"


def check(wanted: str, root: Path = ROOT) -> None:
    """Make sure that a version can be released. Raises SystemExit with the reason where it cannot."""
    if wanted != version(root):
        raise SystemExit(f"the code is {version(root)}, not {wanted}")
    notes(wanted, root)


def main() -> None:
    """Do what the command line asks for. Raises SystemExit where it cannot be done."""
    match sys.argv[1:]:
        case ["check", wanted]:
            check(wanted)
        case ["notes", wanted]:
            sys.stdout.write(notes(wanted))
        case _:
            raise SystemExit("usage: release.py check|notes VERSION")


if __name__ == "__main__":
    main()
