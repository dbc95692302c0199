"""Small projects scanned with one rule."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from chatkit_doctor.finding import Finding
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from tests.projects import write_exactly


class Folder:
    """A project in a folder, and what one rule says of it."""

    def __init__(self, root: Path, code: str) -> None:
        self.root = root
        self.code = code

    def scan(self, files: dict[str, str] | str, *, fix: bool = False, target: str = "") -> ScanResult:
        named = {"app.py": files} if isinstance(files, str) else files
        # From Python 3.14 on, what is dedented loses carriage returns.
        write_exactly(self.root, {path: text if "\r" in text else dedent(text) for path, text in named.items()})
        targets = (f"openai-chatkit={target}",) if target else ()
        result = run([self.root], Options(select=(self.code,), fix=fix, unsafe_fixes=fix, targets=targets))
        assert not result.internal_errors, result.internal_errors[0].traceback
        return result

    def findings(self, files: dict[str, str] | str, *, target: str = "") -> list[Finding]:
        return self.scan(files, target=target).findings

    def spans(self, files: dict[str, str] | str, *, target: str = "") -> list[str]:
        return [finding.at.text for finding in self.findings(files, target=target)]

    def fixed(self, files: dict[str, str] | str, path: str = "app.py") -> str | None:
        """Return what all fixes make of a file, None where they leave it as it is."""
        result = self.scan(files, fix=True)
        texts = result.fix_result.texts if result.fix_result else {}
        return texts.get(self.root / path)
