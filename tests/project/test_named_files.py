"""A file that is named has the findings that a scan of all has in it, although only what has to do with it is read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files import mention
from chatkit_doctor.scanning.flow import Options, run
from tests.page_cases import cases
from tests.projects import write_files

CASES = {str(case): case for page in pages().values() for case in cases(page) if not case.targets}
# What may stand above all apps, and whether a file there imports theirs.
TOPS: dict[str, dict[str, str]] = {
    "nothing": {".gitignore": "*.log\n"},
    "manifests": {"pyproject.toml": '[project]\nname = "all"\n', "package.json": '{"workspaces": ["*"]}'},
    "sources": {"package.json": "{}", "eslint.config.js": "export default []\n", "conftest.py": "import json\n"},
}


def told(finding: Finding) -> tuple[object, ...]:
    edits = [(edit.at.start, edit.text) for edit in finding.fix.edits] if finding.fix else []
    return finding.code, finding.at.start, finding.at.end, finding.message, finding.label, finding.help, str(edits)


@pytest.mark.parametrize("top", TOPS)
def test_a_named_file_has_the_findings_that_a_scan_of_all_has_in_it(
    top: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(f"named {top}")
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, TOPS[top] | {".git/HEAD": ""})
    chosen = rng.sample(sorted(CASES), 40)
    for name in chosen:
        write_files(Path(name), CASES[name].files)
    whole = run([Path()], Options())
    by_file: dict[Path, list[tuple[object, ...]]] = {}
    for finding in whole.findings:
        by_file.setdefault(finding.at.path, []).append(told(finding))
    assert len(by_file) > 10

    others = [path for path in whole.selection.listing.files if path not in by_file]
    for path in [*rng.sample(sorted(by_file), 10), *rng.sample(others, 10)]:
        named = run([path], Options())
        assert [told(finding) for finding in named.findings] == by_file.get(path, []), path


def test_what_has_nothing_to_do_with_a_named_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"requirements.txt": "openai-chatkit==1.4.0\n", "server.py": "from chatkit.stores import Store\n"}
    write_files(tmp_path, {".git/HEAD": "", "package.json": "{}"})
    for app in ("one", "two", "three"):
        write_files(tmp_path / app, files)
    looked_at: list[str] = []
    look = mention.look

    def noting(folders: list[tuple[str, list[str]]], top: str, *, keeps_all: bool = False) -> object:
        # Manifests are read of all apps, since they say what each may import.
        if not keeps_all:
            looked_at.extend(Path(folder).name for folder, _ in folders)
        return look(folders, top, keeps_all=keeps_all)

    monkeypatch.setattr("chatkit_doctor.project.files.listing.look", noting)

    result = run([tmp_path / "two" / "server.py"], Options())

    assert [finding.code for finding in result.findings] == ["CK101"]
    assert {*looked_at} <= {"two", tmp_path.name}
