"""Which rules run on which files, how bad their findings are, and which fixes are asked for: flags over settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Finding, Severity
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.scanning.selection import select_codes

if TYPE_CHECKING:
    from chatkit_doctor.scanning.settings import SettingsTree


def severity_of(finding: Finding) -> Severity:
    """Return how bad a finding is: as its check says, or as its rule's page does."""
    return finding.severity or page(finding.code).severity


@dataclass(slots=True)
class Policy:
    """What the settings say for each file, and the flags that go before them.

    select, ignore: as on the command line; empty `select` leaves it to the settings.
    unsafe_fixes: None leaves it to the settings.
    """

    settings: SettingsTree
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsafe_fixes: bool | None = None
    _codes: dict[Path, frozenset[str]] = field(default_factory=dict, init=False)

    def codes(self, folders: Iterable[tuple[str, Iterable[str]]]) -> tuple[str, ...]:
        """Return the codes that run on any of these files. Raises ScanError for a selector that matches no rule.

        folders: each with the names of files in it.
        """
        # Where there is no file, a wrong selector is still wrong.
        select_codes(self.select, self.ignore)
        found: set[str] = set()
        for folder, names in folders:
            settings = self.settings.in_folder(folder)
            if settings.per_file_ignores:
                found.update(*(self.codes_on(Path(folder, name)) for name in names))
            else:
                found |= settings.codes_of_all(self.select, self.ignore)
        return tuple(sorted(found))

    def codes_on(self, path: Path) -> frozenset[str]:
        """Return the codes that run on a file."""
        if path not in self._codes:
            self._codes[path] = self.settings.of(path).codes_for(path, self.select, self.ignore)
        return self._codes[path]

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings whose rules run on their files, with the severity that the settings give them."""
        for finding in findings:
            if finding.code in self.codes_on(finding.at.path):
                severity = self.settings.of(finding.at.path).severity_for(finding.code)
                finding.severity = severity or finding.severity
                yield finding

    def allows_fix(self, finding: Finding) -> bool:
        """Return whether a finding has a fix that may be applied."""
        fix = finding.fix
        return fix is not None and (fix.applicability is Applicability.SAFE or self._allows_unsafe(finding.at.path))

    def _allows_unsafe(self, path: Path) -> bool:
        if self.unsafe_fixes is not None:
            return self.unsafe_fixes
        return bool(self.settings.of(path).unsafe_fixes)
