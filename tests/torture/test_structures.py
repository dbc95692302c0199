"""Programs that nobody writes: what a scan costs grows with them in proportion, and none is a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.frontend.options import sites
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.results.found import MOST_FINDINGS
from tests.commands import call
from tests.projects import write_files
from tests.torture.scale import IS_WHOLE, amount, chance, grows_in_proportion
from tests.torture.structures import Structure, each, manifests, python, web
from tests.torture.structures.web import HOOK, OPTIONS
from tests.torture.watched import MIB, Watched, watch

STRUCTURES = {
    f"{kind.__name__.rpartition('.')[2]}: {name}": structure
    for kind in (python, web, manifests)
    for name, structure in kind.STRUCTURES.items()
}
# In the test run some, others with each seed.
TRIED = sorted(STRUCTURES) if IS_WHOLE else chance("structures").sample(sorted(STRUCTURES), 12)
# What one input may be, in bytes, and what reading it may take of memory.
_LARGE = 2_000_000
_MOST_MEMORY = 500 * MIB
# Beside as much code as people write. There are no more files than a project of that size has.
_MOST_TIMES = 3
_MOST_FILES = 2_000


def scanned(root: Path) -> ScanResult:
    result = run([root], Options())
    assert result.internal_errors == []
    return result


@pytest.mark.parametrize("name", TRIED)
def test_a_scan_grows_in_proportion(name: str, tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        root = tmp_path / str(size)
        write_files(root, STRUCTURES[name](size))
        return lambda: scanned(root)

    scanned_once = tmp_path / "first"
    write_files(scanned_once, STRUCTURES[name](2))
    scanned(scanned_once)  # what is loaded and made once is not the structure's

    grows_in_proportion(work, amount(256, 4096))


@pytest.mark.parametrize("name", TRIED if IS_WHOLE else TRIED[::3])
def test_a_fix_grows_in_proportion(name: str, tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        root = tmp_path / str(size)
        write_files(root, STRUCTURES[name](size))
        return lambda: run([root], Options(fix=True, unsafe_fixes=True))

    scanned_once = tmp_path / "first"
    write_files(scanned_once, STRUCTURES[name](2))
    run([scanned_once], Options(fix=True, unsafe_fixes=True))

    grows_in_proportion(work, amount(256, 4096))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Return what a scan of as much code takes as people write it."""
    root = tmp_path_factory.mktemp("usual")
    own = sorted((Path(python.__file__).parents[3] / "chatkit_doctor" / "backend").rglob("*.py"))
    texts = [path.read_text("utf-8").replace("from __future__ import annotations\n", "") for path in own]
    pieces = {f"m{number}.py": python.STORE + text for number, text in enumerate(texts)}
    size = sum(map(len, pieces.values()))
    write_files(root, {f"p{turn}/{name}": text for turn in range(_LARGE // size) for name, text in pieces.items()})
    return watch(root, "scan", "--no-cache", "--format", "concise")


@pytest.mark.skipif(not IS_WHOLE, reason="minutes of work")
@pytest.mark.parametrize("options", [(), ("--fix", "--unsafe-fixes")], ids=["scan", "fix"])
@pytest.mark.parametrize("name", TRIED)
def test_two_megabytes_take_what_as_much_code_does(
    name: str, options: tuple[str, ...], usual: Watched, tmp_path: Path
) -> None:
    write_files(tmp_path, filled(STRUCTURES[name]))

    seen = watch(tmp_path, "scan", "--no-cache", "--format", "concise", *options)

    assert seen.code in {0, 1}, seen.stderr
    assert seen.memory < _MOST_MEMORY
    assert seen.seconds < _MOST_TIMES * (2 if options else 1) * usual.seconds


def filled(structure: Structure) -> dict[str, str]:
    """Return the files of a structure that is as large as can be."""
    size = 64
    files = structure(size)
    grows = _length(structure(2 * size)) - _length(files)
    if grows <= 0:
        return files
    size = min(_LARGE * size // grows, _MOST_FILES * size // len(files) if len(files) >= size else _LARGE)
    # Numbers grow longer on the way.
    while _length(files := structure(size)) > _LARGE:
        size = min(size * _LARGE // _length(files), size - 1)
    return files


def _length(files: dict[str, str]) -> int:
    return sum(map(len, files.values()))


def test_a_rule_stops_where_nobody_reads_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"a.py": each(MOST_FINDINGS + 500, "from chatkit.stores import X#\n")})

    outcome = call("scan", "--select", "CK101", "--format", "concise")

    assert outcome.code == 1
    assert outcome.stdout.count("[CK101]") == MOST_FINDINGS
    assert f"CK101 stops after {MOST_FINDINGS:,} findings" in outcome.stdout


@pytest.mark.parametrize("code", ["CK901", "CK902"])
def test_what_is_wrong_with_comments_stops_there_as_well(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    word = "CK101" if code == "CK901" else "CK000"
    write_files(tmp_path, {"a.py": python.STORE + f"x = 1  # chatkit-doctor: ignore[{word}]\n" * (MOST_FINDINGS + 10)})

    outcome = call("scan", "--select", f"CK101,{code}", "--format", "concise")

    assert outcome.stdout.count(f"[{code}]") == MOST_FINDINGS
    assert f"{code} stops after {MOST_FINDINGS:,} findings" in outcome.stdout


_TWO_FILES = {
    "a.tsx": HOOK + each(300, f"export const use# = () => useChatKit({{ {OPTIONS}, them: # }})\n"),
    "b.py": "from chatkit.stores import Store\n",
}


def test_a_rule_stops_where_it_does_more_than_any_real_app_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chatkit_doctor.scanning.results.found.MOST_STEPS", 200)
    write_files(tmp_path, _TWO_FILES)

    first, second = (call("scan", "--no-cache", "--format", "concise") for _ in range(2))

    # The rules that have little to do are not stopped, and what one has found before it stops is told.
    assert "[CK101]" in first.stdout
    assert "stop after 2,000 findings in one app, several times the work that code of its size takes" in first.stdout
    assert first == second


def test_all_rules_together_stop_where_no_real_app_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chatkit_doctor.project.app.MOST_STEPS_OF_AN_APP", 30_000)
    write_files(tmp_path, _TWO_FILES)

    first, second = (call("scan", "--no-cache", "--format", "concise") for _ in range(2))

    assert "[CK101]" in first.stdout
    assert " other rules stop after " in first.stdout
    # What is left over is little, and none of the rules that come late says that all is well.
    assert "[CK406]" not in first.stdout
    assert first == second


def test_a_rule_that_counts_no_steps_is_stopped_by_the_clock_and_what_it_found_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_: object) -> object:
        while True:
            pass

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chatkit_doctor.budget._SECONDS", 0.4)
    write_files(tmp_path, _TWO_FILES)
    with monkeypatch.context() as patch:
        patch.setattr("chatkit_doctor.frontend.options.problems._by_rule", endless)
        cut = call("scan", "--format", "concise")
    whole = call("scan", "--format", "concise")

    assert "[CK101]" in cut.stdout
    assert "far too long" in cut.stdout
    assert "[CK406]" not in cut.stdout
    assert "[CK406]" in whole.stdout


def test_what_one_rule_had_no_steps_left_for_is_tried_for_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    found = sites.options_sites

    def counted(*arguments: object) -> object:
        tried.append(arguments)
        return found(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sites, "options_sites", counted)
    monkeypatch.setattr("chatkit_doctor.scanning.results.found.MOST_STEPS", 20_000)
    write_files(tmp_path, _TWO_FILES)

    result = scanned(tmp_path)

    assert {"CK401", "CK406", "CK407"} <= set(result.cut)
    assert {finding.code for finding in result.findings} == {"CK101"}
    assert len(tried) == 1
