"""A project mended on disk as the command mends it, for whoever looks at what became of it."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.writing import write
from tests.torture.mutating import Files


def mend(root: Path, options: Options) -> Files:
    """Mend a project and return the files that changed. Raises AssertionError where a rule crashes."""
    result = _run(root, options)
    assert result.fix_result is not None
    assert write(result.fix_result, result.project) == []
    names = sorted(path.relative_to(root).as_posix() for path in result.fix_result.texts)
    return {name: (root / name).read_bytes().decode() for name in names}


def assert_settled(root: Path, options: Options) -> None:
    """Raise AssertionError where a second run of the same fixes would change something."""
    again = _run(root, options)
    assert again.fix_result is not None
    assert not again.fix_result.texts, "a second run changes something"


def _run(root: Path, options: Options) -> ScanResult:
    result = run([root], options)
    assert not result.internal_errors, result.internal_errors[0].traceback
    return result
