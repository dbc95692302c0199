"""Each rule finds its error in the reference app, there and nowhere else, and its fix makes the app whole again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.pages.catalogue import page, pages
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.writing import write
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from tests.forked import programs
from tests.mutations.app import APP, Mutation, copy_app, plant
from tests.mutations.edits import EDITS
from tests.mutations.parsed import share_what_is_parsed
from tests.mutations.rows import ROWS

MUTATIONS = (*ROWS, *EDITS)
MENDED = tuple(each for each in MUTATIONS if each.fixable)

_SECONDS = 600.0
_FIX = Options(fix=True, unsafe_fixes=True)

# Imports each backend in a process of its own that has the packages already, and prints those that fail, and how.
_IMPORT_EACH = """
import json, os, sys, traceback

for backend in sys.argv[1:]:
    if os.fork() == 0:
        os.chdir(backend)
        sys.path.insert(0, backend)
        try:
            import app.main
        except BaseException:
            print(json.dumps([backend, traceback.format_exc()]), flush=True)
        os._exit(0)
    os.wait()
"""


@dataclass(frozen=True, slots=True)
class Patient:
    """A copy of the reference app with an error in it, after the doctor has been there.

    treated_at: where the copy stood meanwhile, and findings have it.
    found: what it reports, mended or not, but for what is beside the error.
    fixed: the texts that its fixes changed, by path.
    left, fixed_again: what a second run finds and changes.
    """

    app: Path
    treated_at: Path
    found: list[Finding]
    fixed: dict[Path, str]
    left: list[Finding]
    fixed_again: dict[Path, str]


class Clinic:
    """The patients, each treated once for all tests that ask for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._patients: dict[Mutation, Patient] = {}
        self._again: dict[frozenset[tuple[Path, bytes]], tuple[list[Finding], dict[Path, str]]] = {}

    def patient(self, mutation: Mutation) -> Patient:
        """Return the app with a mutation."""
        if mutation not in self._patients:
            self._patients[mutation] = self._treated(mutation)
        return self._patients[mutation]

    def _treated(self, mutation: Mutation) -> Patient:
        # In one place, so that what the last patient had as well is parsed already.
        app = copy_app(self._folder / "app")
        plant(mutation.edits, app)
        first = _scan(app, _FIX)
        fixed = _texts(first, app)
        found = _apart_from(mutation, [*first.fixed, *first.findings])
        left, fixed_again = self._seen_again(app) if fixed else (first.findings, {})
        left = _apart_from(mutation, left)
        return Patient(app.rename(self._folder / str(mutation)), app, found, fixed, left, fixed_again)

    def _seen_again(self, app: Path) -> tuple[list[Finding], dict[Path, str]]:
        """Return what a second run finds and changes. Copies that came to be the same are looked at once."""
        files = _files(app)
        if files not in self._again:
            again = _scan(app, _FIX)
            self._again[files] = again.findings, _texts(again, app)
        return self._again[files]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with pytest.MonkeyPatch.context() as patch:
        share_what_is_parsed(patch, APP)
        yield Clinic(tmp_path_factory.mktemp("mutations"))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_the_error_is_found_at_its_place_and_nothing_else(mutation: Mutation, clinic: Clinic) -> None:
    patient = clinic.patient(mutation)

    assert [_place(finding, patient.treated_at) for finding in patient.found] == [
        (mutation.code, mutation.severity or page(mutation.code).severity, mutation.path, mutation.marked)
    ]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_nothing_is_left_after_the_fix_and_a_second_run_changes_nothing(mutation: Mutation, clinic: Clinic) -> None:
    patient = clinic.patient(mutation)

    assert bool(patient.fixed) == mutation.fixable
    left = [] if mutation.fixable else [(mutation.code, mutation.marked)]
    assert [(finding.code, finding.at.text) for finding in patient.left] == left
    assert patient.fixed_again == {}


@pytest.mark.parametrize("mutation", MENDED, ids=str)
def test_the_files_of_the_mended_app_parse(mutation: Mutation, clinic: Clinic) -> None:
    for path, text in clinic.patient(mutation).fixed.items():
        if kind_of(path.name) is FileKind.PYTHON:
            compile(text, path, "exec")
        elif kind_of(path.name) is FileKind.WEB:
            assert Document(Source(path, text)).error_count == 0


def test_the_mended_backends_start(clinic: Clinic, tmp_path: Path) -> None:
    sick = copy_app(tmp_path / "sick")
    plant(ROWS[0].edits, sick)
    patients = [clinic.patient(mutation) for mutation in MENDED]
    apps = [patient.app for patient in patients if any(path.suffix == ".py" for path in patient.fixed)]
    assert len(apps) > 40

    # Those that came to be the same are started once.
    failed = _failures([*{_files(app / "backend"): app for app in apps}.values(), sick])

    assert set(failed) == {sick}, failed
    assert "No module named 'chatkit.stores'" in failed[sick]


def test_the_app_as_it_stands_is_healthy() -> None:
    assert _scan(APP, Options()).findings == []


def test_every_page_has_a_mutation() -> None:
    assert set(pages()) == {mutation.code for mutation in MUTATIONS}


def test_every_rule_that_mends_has_a_mutation_that_it_mends() -> None:
    # Their fixes are for code that the reference app does not have: stores of lists, and tests by a wrong literal whose
    # right one is known. Their pages show them.
    elsewhere = {"CK209", "CK320"}
    mended = {mutation.code for mutation in MENDED}

    assert {code for code, page in pages().items() if page.fixes} - mended <= elsewhere
    assert mended <= set(pages())


def test_every_row_of_the_error_reference_has_a_mutation() -> None:
    assert {mutation.row for mutation in ROWS} == set(range(1, 14))


def test_mutations_have_names_of_their_own() -> None:
    assert len({str(mutation) for mutation in MUTATIONS}) == len(MUTATIONS)


def _files(folder: Path) -> frozenset[tuple[Path, bytes]]:
    return frozenset((path.relative_to(folder), path.read_bytes()) for path in folder.rglob("*") if path.is_file())


def _apart_from(mutation: Mutation, findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.code not in mutation.beside]


def _scan(app: Path, options: Options) -> ScanResult:
    result = run([app], options)
    assert not result.internal_errors, result.internal_errors[0].traceback
    return result


def _texts(result: ScanResult, app: Path) -> dict[Path, str]:
    """Write what a run has fixed, and return it by the paths in the app."""
    assert result.fix_result is not None
    assert result.fix_result.errors == []
    assert result.fix_result.held_back == []
    assert write(result.fix_result, result.project) == []
    return {path.relative_to(app): text for path, text in result.fix_result.texts.items()}


def _failures(apps: list[Path]) -> dict[Path, str]:
    """Import each app's backend, and return what those said that do not start."""
    backends = {str(app / "backend"): app for app in apps}
    environment = os.environ | {"DATABASE": ":memory:", "ENVIRONMENT": "development"}
    done = programs.run(["-c", _IMPORT_EACH, *backends], APP, environment, seconds=_SECONDS)
    assert done.returncode == 0, done.stderr
    said = (json.loads(line) for line in done.stdout.splitlines())
    return {backends[backend]: text for backend, text in said}


def _place(finding: Finding, app: Path) -> tuple[str, Severity, str, str]:
    severity = finding.severity or page(finding.code).severity
    return finding.code, severity, finding.at.path.relative_to(app).as_posix(), finding.at.text
