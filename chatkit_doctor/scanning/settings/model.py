"""One settings file as read, and what it means for a file or a rule."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files.gitignore import Rules
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.scanning.selection import ScanError, codes_matching, select_codes

if TYPE_CHECKING:
    from chatkit_doctor.finding import Severity
    from chatkit_doctor.project.targets import GivenRelease


class SettingsError(ScanError):
    """Settings that a person has to put right; the text is one line and begins with the file and the line."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        place = shown(path) if line is None else f"{shown(path)}:{line}"
        super().__init__(visible(f"{place}: {reason}"))


@dataclass(frozen=True, eq=False)
class Settings:
    """What one settings file says; None and empty where it says nothing.

    path: the file, absolute; None for the settings of a project without any.
    folder: what patterns are relative to and where the targets hold, absolute.
    select, ignore: codes, prefixes of codes, names. select is never empty.
    per_file_ignores: by pattern, in the form of .gitignore.
    severity: by code, prefix or name.
    lines: the line (from 1) of each key, and of each key of a table, by their paths: ("severity", "CK409").
    """

    path: Path | None = None
    folder: Path = Path("/")
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    targets: tuple[GivenRelease, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    unsafe_fixes: bool | None = None
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    def codes_for(self, path: Path, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> frozenset[str]:
        """Return the codes of the rules that run on a file.

        select, ignore: those of the command line; the first replaces the file's, the second is added to the file's.
        Raises ScanError for a selector of the command line that matches no rule.
        """
        codes = self.codes_of_all(select, ignore)
        if self.per_file_ignores and self._is_below(path):
            codes = codes.difference(*(self._ignored[index] for index in self._patterns_on(path)))
        return codes

    def severity_for(self, code: str) -> Severity | None:
        """Return the severity that findings of a rule have instead of their own, None for their own.

        Of several entries that match, the one of the fewest rules decides, and of equals the last.
        """
        return self._severities.get(code)

    def excludes(self, path: str, *, is_folder: bool) -> bool:
        """Return whether a pattern leaves out a file or a folder itself; nothing is said of what is in the folder."""
        if not self.exclude or not path.startswith(self._base):
            return False
        return bool(self._excluding.verdict(path, is_folder=is_folder))

    @cached_property
    def _base(self) -> str:
        return os.path.join(self.folder, "")  # noqa: PTH118 - it ends with a separator

    @cached_property
    def _excluding(self) -> Rules:
        return Rules(self._base, self.exclude)

    @cached_property
    def _ignoring(self) -> Rules:
        return Rules(self._base, self.per_file_ignores)

    @cached_property
    def _ignored(self) -> list[frozenset[str]]:
        """Return the codes that are ignored by each pattern, in the order of the patterns."""
        return [_codes(selectors) for selectors in self.per_file_ignores.values()]

    @cached_property
    def _severities(self) -> dict[str, Severity]:
        widest_first = sorted(self.severity.items(), key=lambda item: -len(codes_matching(item[0])))
        return {code: severity for selector, severity in widest_first for code in codes_matching(selector)}

    @cached_property
    def _known_choices(self) -> dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[str]]:
        return {}

    def codes_of_all(self, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> frozenset[str]:
        """Return the codes of the rules that run on some file, whatever is said of single files."""
        key = (select or self.select or (), (*self.ignore, *ignore))
        if key not in self._known_choices:
            self._known_choices[key] = frozenset(select_codes(*key))
        return self._known_choices[key]

    def _patterns_on(self, path: Path) -> set[int]:
        """Return the index of each pattern of per_file_ignores that matches a file or a folder that it is in."""
        found = self._ignoring.matching(str(path), is_folder=False)
        for each in path.parents:
            if not self._is_below(each):
                break
            found |= self._ignoring.matching(str(each), is_folder=True)
        return found

    def _is_below(self, path: Path) -> bool:
        """Return whether a path is one that patterns can match."""
        return str(path).startswith(self._base)


def shown(path: Path) -> str:
    """Return a path as messages have it: relative to the working directory where it is below it, with slashes."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _codes(selectors: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code for selector in selectors for code in codes_matching(selector))
