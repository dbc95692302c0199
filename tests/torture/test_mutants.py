"""Projects changed at random and mended: no crash, no comment lost, nothing worse before the real judges, done once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.scanning.flow import Options
from chatkit_doctor.scanning.settings import SettingsError
from tests.commands import ROOT
from tests.fix_helper import assert_parses_no_worse
from tests.page_cases import cases
from tests.projects import write_exactly
from tests.torture.judging.judge import made_worse
from tests.torture.judging.web import WebJudges
from tests.torture.mending import assert_settled, mend
from tests.torture.mutating import Files, mutated
from tests.torture.scale import amount, chance

COUNT = amount(120, 10_000)
_BATCH = 500
_CASES = [case for page in pages().values() for case in cases(page)]
_BROKEN = ROOT / "fixtures" / "broken"
# Not what a fix takes away on purpose: what ignored nothing, and what stands in code that goes.
_REMARK = re.compile(r"(?:#|//|<!--) (?:remark|about) \d+")


def _of_folder(root: Path) -> Files:
    found = (path for path in sorted(root.rglob("*")) if kind_of(path.name) in {FileKind.PYTHON, FileKind.WEB})
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


_SEEDS = [case.files for case in _CASES] + [_of_folder(_BROKEN)] * 10
_TARGETS = [case.targets for case in _CASES] + [()] * 10


def _names() -> list[str]:
    """Return the names that stand in what fixes make and not in what was there."""
    word = re.compile(r"\b[A-Za-z_]\w{2,}\b")
    found = {
        name
        for case in _CASES
        for path, text in case.fixed.items()
        for name in set(word.findall(text)) - set(word.findall(case.files.get(path, "")))
    }
    return sorted(found - {"from", "import", "async", "await", "const", "self"})


def _others() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for files in _SEEDS:
        for name, text in files.items():
            found.setdefault(Path(name).suffix, []).append(text)
    return found


@dataclass(frozen=True)
class Mutant:
    """A project that was changed, by its number, and what was mended in it."""

    number: int
    files: Files
    changed: Files


@pytest.mark.parametrize("batch", range(-(-COUNT // _BATCH)))
def test_no_fix_makes_a_mutant_worse(batch: int, judges: WebJudges | None, tmp_path: Path) -> None:
    numbers = range(batch * _BATCH, min(COUNT, (batch + 1) * _BATCH))
    found: list[str] = []
    mended = list(_mended(numbers, tmp_path, found))
    root = (judges.folder if judges else tmp_path) / f"batch{batch}"
    before = {f"m{each.number}/{name}": text for each in mended for name, text in each.files.items()}
    changed = {f"m{each.number}/{name}": text for each in mended for name, text in each.changed.items()}
    write_exactly(root / "before", before)
    write_exactly(root / "after", before | changed)

    found += made_worse(root / "before", root / "after", sorted(changed), judges, depth=1)

    # The mutator loops over names of imports: of one that led nowhere tsc knew nothing, and what it is now is no list.
    assert [each for each in found if "tsc: TS2488:" not in each] == []
    # A quarter has something to mend, or the rest would prove nothing.
    assert len(mended) > len(numbers) / 4


def _mended(numbers: range, root: Path, found: list[str]) -> Iterator[Mutant]:
    """Yield the mutants in which something was mended, and note what is wrong in `found`."""
    names, others = _names(), _others()
    for number in numbers:
        draw = chance(f"mutant {number}")
        place = draw.randrange(len(_SEEDS))
        files = mutated(_SEEDS[place], names, others, draw)
        folder = root / str(number)
        write_exactly(folder, files)
        try:
            changed = _mend(folder, files, _TARGETS[place])
        except SettingsError:
            continue  # settings that are none are said, and nothing is mended
        except Exception as error:  # noqa: BLE001 - one of thousands; the others are tried as well
            found.append(f"m{number}: {type(error).__name__}: {error}")
            continue
        if changed:
            yield Mutant(number, files, changed)


def _mend(root: Path, files: Files, targets: tuple[str, ...]) -> Files:
    """Mend a project and return the files that changed. Raises AssertionError for what is true of no good fix."""
    options = Options(targets=targets, fix=True, unsafe_fixes=True)
    changed = mend(root, options)
    for name, text in changed.items():
        assert_parses_no_worse(Path(name), files[name].removeprefix("\ufeff"), text.removeprefix("\ufeff"))
        lost = Counter(_REMARK.findall(files[name])) - Counter(_REMARK.findall(text))
        assert not lost, f"lost {lost}"
    if changed:
        assert_settled(root, options)
    return changed
