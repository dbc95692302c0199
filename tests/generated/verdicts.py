"""The doctor's verdict on programs that stand one behind the other in files, against the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.scanning.flow import Options, run

PER_FILE = 100


@dataclass(frozen=True)
class Verdicts:
    """The programs that the doctor finds something in and that work, and those that fail and are not found."""

    false_alarms: list[str]
    missed: list[str]
    failing: int
    working: int


def found(
    folder: Path, head: str, programs: Sequence[str], codes: Sequence[str], target: str, spans: Sequence[str] = ()
) -> list[bool]:
    """Return for each program whether a scan finds one of the codes in it: at a span, where each program has one."""
    folder.mkdir(parents=True, exist_ok=True)
    starts: dict[Path, list[int]] = {}
    for first in range(0, len(programs), PER_FILE):
        path = folder / f"programs_{first}.py"
        lines = [head]
        for text in programs[first : first + PER_FILE]:
            starts.setdefault(path, []).append("\n".join(lines).count("\n") + 2)
            lines.append(text)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run([folder], Options(isolated=True, select=tuple(codes), targets=(f"openai-chatkit={target}",)))
    assert not result.internal_errors, result.internal_errors[0].traceback
    hits = [False] * len(programs)
    for finding in result.findings:
        index = sum(start <= finding.at.first.line for start in starts[finding.at.path]) - 1
        number = int(finding.at.path.stem.rpartition("_")[2]) + index
        hits[number] = hits[number] or not spans or finding.at.text == spans[number]
    return hits


def found_in_files(folder: Path, programs: Sequence[dict[str, str]], codes: Sequence[str]) -> list[bool]:
    """Return for each program, given by its files, whether a scan finds one of the codes in them."""
    owners: dict[Path, int] = {}
    for number, files in enumerate(programs):
        app = folder / f"app{number // PER_FILE}"
        app.mkdir(parents=True, exist_ok=True)
        (app / "package.json").write_text('{ "dependencies": { "@openai/chatkit-react": "1", "react": "19" } }')
        for name, text in files.items():
            owners[app / name] = number
            (app / name).write_text(text, encoding="utf-8")
    result = run([folder], Options(isolated=True, select=tuple(codes)))
    assert not result.internal_errors, result.internal_errors[0].traceback
    hit = {owners[finding.at.path] for finding in result.findings}
    return [number in hit for number in range(len(programs))]


def compare(programs: Sequence[str], hits: Sequence[bool], fails: Sequence[bool | None]) -> Verdicts:
    """Return how the doctor's verdicts stand to the truth; None in it for a program that says nothing."""
    told = [each for each in zip(programs, hits, fails, strict=True) if each[2] is not None]
    return Verdicts(
        [text for text, hit, failing in told if hit and not failing],
        [text for text, hit, failing in told if failing and not hit],
        failing=sum(bool(failing) for _, _, failing in told),
        working=sum(not failing for _, _, failing in told),
    )
