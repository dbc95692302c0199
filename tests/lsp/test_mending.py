"""What an editor has mended is what `scan --fix` would have made of it, and trying it out leaves nothing behind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from chatkit_doctor.lsp.look import FolderLook
from chatkit_doctor.lsp.mending import mend_all
from chatkit_doctor.lsp.wishes import Wishes
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.scanning.flow import Options, run
from tests.lsp.test_look import CASES, buffer, told
from tests.projects import write_files

FIXED = [case for case in CASES if case.fixed]


@pytest.mark.parametrize("seed", range(2))
def test_a_folder_is_mended_as_a_scan_mends_it(seed: int, tmp_path: Path) -> None:
    for number, case in enumerate(random.Random(seed).sample(FIXED, 8)):
        write_files(tmp_path / f"app_{number}", case.files)
    (tmp_path / ".git").mkdir()
    # All code is open: an editor is told of no other.
    paths = [path for path in sorted(tmp_path.rglob("*")) if kind_of(path.name) in {FileKind.PYTHON, FileKind.WEB}]
    opened = [buffer(path, path.read_text(), is_saved=True) for path in paths]
    look = FolderLook(tmp_path, Wishes(unsafe_fixes=True))
    before = told(look, *opened)
    assert look.project is not None

    mended = mend_all(look, look.project, look.allows_fix)

    scanned = run([tmp_path], Options(fix=True, unsafe_fixes=True, may_fork=False)).fix_result
    assert scanned is not None
    assert mended.texts == scanned.texts
    assert len(mended.texts) > 4
    assert look.bugs == []
    assert told(look, *opened) == before
