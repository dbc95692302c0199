"""A baseline into its file: the same text for the same findings, a line for each so that merges and diffs are small."""

from __future__ import annotations

import json
import os
from collections.abc import Container
from pathlib import Path

import chatkit_doctor
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files.inside import Inside
from chatkit_doctor.scanning.baseline.model import Baseline, BaselineError
from chatkit_doctor.scanning.baseline.reading import VERSION, read_baseline


def as_text(baseline: Baseline) -> str:
    """Return a baseline as its file has it. No text of the sources is in it: they may hold what is secret."""
    tool = {"name": "chatkit-doctor", "version": chatkit_doctor.__version__}
    names = {code: page.name for code, page in pages().items()}
    lines = [
        _json({"path": each.path, "code": each.code, "name": names.get(each.code, ""), "fingerprint": each.fingerprint})
        for each in baseline.entries
    ]
    findings = ",".join(f"\n    {line}" for line in lines) + ("\n  " if lines else "")
    return f'{{\n  "version": {VERSION},\n  "tool": {_json(tool)},\n  "findings": [{findings}]\n}}\n'


def write_baseline(baseline: Baseline, project: Container[Path], inside: Inside | None = None) -> None:
    """Write a baseline to its file, in the place of an older one and of nothing else. Raises BaselineError.

    project: the files of the scanned project. inside: its folders.
    """
    from chatkit_doctor.scanning.report_writing import write_report

    path = baseline.path
    for entry in baseline.entries:
        if Path(entry.path).is_absolute():
            raise BaselineError(path, f"it cannot stand for {entry.path}, which is on another drive")
    if os.path.lexists(path):
        _refuse_other(path)
    if problem := write_report(path, as_text(baseline), project, inside):
        raise BaselineError(path, problem)


def _refuse_other(path: Path) -> None:
    """Raise BaselineError for what stands in a baseline's place and is none."""
    try:
        read_baseline(path)
    except BaselineError as error:
        raise BaselineError(
            path, f"it is not replaced, since it cannot be read as a baseline: {error.reason}"
        ) from None


def _json(value: dict[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False)
