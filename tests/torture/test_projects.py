"""What fixes make of real projects, before the real judges: nothing is worse than it was.

`make torture PROJECTS=FOLDER` tries each project in a folder; without one, the app that is broken on purpose is tried.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT
from tests.torture.judging.fixing import judged
from tests.torture.judging.web import WebJudges

_GIVEN = os.environ.get("TORTURE_PROJECTS", "")
PROJECTS = (
    [path for folder in _GIVEN.split(os.pathsep) for path in sorted(Path(folder).iterdir()) if path.is_dir()]
    if _GIVEN
    else [ROOT / "fixtures" / "broken"]
)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_no_fix_makes_a_project_worse(project: Path, unsafe: bool, judges: WebJudges | None, tmp_path: Path) -> None:
    codes, found = judged(project, judges.folder if judges else tmp_path, judges, unsafe=unsafe)

    sys.stdout.write(f"mended: {' '.join(codes) or 'nothing'}\n")
    assert codes or _GIVEN
    assert found == []
