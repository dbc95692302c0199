"""A project copied, mended in the copy, and judged."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.scanning.writing import write
from tests.torture.judging.judge import made_worse
from tests.torture.judging.web import WebJudges

_LEFT_OUT = shutil.ignore_patterns(".git", "node_modules", ".venv", "venv", "__pycache__", ".next", "dist", ".bin")


def copied(project: Path, folder: Path) -> Path:
    """Copy a project without what tools have put there; links that lead out or nowhere are left out."""
    if folder.exists():
        shutil.rmtree(folder)
    return Path(shutil.copytree(project, folder, ignore=_LEFT_OUT, symlinks=True))


def mended(root: Path, *, unsafe: bool, select: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """Mend a project in place; return the files that changed, by path, and the codes of what was mended."""
    result = run([root], Options(select=tuple(select), fix=True, unsafe_fixes=unsafe))
    assert result.fix_result is not None
    assert not result.internal_errors, result.internal_errors[0].traceback
    assert write(result.fix_result, result.project) == []
    changed = sorted(path.relative_to(root).as_posix() for path in result.fix_result.texts)
    return changed, sorted(finding.code for finding in result.fixed)


def judged(project: Path, where: Path, judges: WebJudges | None, *, unsafe: bool) -> tuple[list[str], list[str]]:
    """Mend a copy of a project below a folder; return the codes that were mended, and what is worse since.

    Where something is, each rule's fixes are tried alone, and what they make worse is said with their codes.
    """
    before, after = copied(project, where / "before"), copied(project, where / "after")
    changed, codes = mended(after, unsafe=unsafe)
    found = made_worse(before, after, changed, judges) if changed else []
    if not found:
        return codes, []
    alone = [f"{code} {each}" for code in sorted(set(codes)) for each in _alone(before, after, code, judges, unsafe)]
    return codes, alone or found


def _alone(before: Path, after: Path, code: str, judges: WebJudges | None, unsafe: bool) -> list[str]:
    copied(before, after)
    changed, _ = mended(after, unsafe=unsafe, select=[code])
    return made_worse(before, after, changed, judges)
