"""A scan of several apps says about each what a scan of it alone says, whatever lies beside it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.scanning.flow import Options, run
from tests.page_cases import cases
from tests.projects import write_files

Told = tuple[object, ...]

# It is ChatKit's package itself: what depends on a package of that name and has it beside it means that one.
_MEANT = {"CK413-itself"}
CASES = {
    str(case): case for page in pages().values() for case in cases(page) if not case.targets and str(case) not in _MEANT
}


def told(findings: Iterable[Finding]) -> dict[str, list[Told]]:
    """Return what is said of each folder of the working directory, fixes and their edits included."""
    found: dict[str, list[Told]] = {}
    for each in findings:
        path = each.at.path.relative_to(Path.cwd())
        fix = each.fix and (each.fix.title, each.fix.applicability, tuple((e.at.start, e.text) for e in each.fix.edits))
        words = (each.code, path.as_posix(), each.at.start, each.at.end, each.severity, each.message, each.label)
        found.setdefault(path.parts[0], []).append((*words, each.help, fix))
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Told]]:
    """Return what a scan of each case by itself says."""
    found: dict[str, list[Told]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("alone"))
        for name, case in CASES.items():
            write_files(Path(name), case.files)
            found[name] = told(run([Path(name)], Options()).findings).get(name, [])
    return found


def test_all_cases_in_one_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: dict[str, list[Told]]) -> None:
    monkeypatch.chdir(tmp_path)
    for name, case in CASES.items():
        write_files(Path(name), case.files)

    together = told(run([Path()], Options()).findings)

    assert sum(map(len, alone.values())) > len(CASES) / 3
    assert {name: together.get(name, []) for name in CASES} == alone


PAIRS = random.Random(8).sample(list(combinations(CASES, 2)), 150)


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_two_cases_in_one_tree(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: dict[str, list[Told]]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in pair:
        write_files(Path(name), CASES[name].files)

    together = told(run([Path()], Options()).findings)

    assert {name: together.get(name, []) for name in pair} == {name: alone[name] for name in pair}
