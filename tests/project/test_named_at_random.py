"""A file that is named has the findings that a scan of all has in it, whichever cases of the pages lie beside it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
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
