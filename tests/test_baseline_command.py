"""`chatkit-doctor baseline` and `scan --baseline`, driven as their user would: take stock, work on, see what is new."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from tests.commands import ROOT, Outcome, call, run
from tests.projects import write_files
from tests.test_startup import loaded, third_party

NAME = "chatkit-doctor-baseline.json"
STANDING = 13
STALE = f"note: 1 entry of {NAME} stands for nothing any more; `chatkit-doctor baseline` writes it anew\n"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the app with the errors of the reference, in a repository."""
    folder = tmp_path_factory.mktemp("repository") / "weekender"
    shutil.copytree(ROOT / "fixtures" / "broken", folder)
    git("init", "--quiet", "--template=", folder=folder)
    git("add", ".", folder=folder)
    return folder


@pytest.fixture(autouse=True)
def project(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a copy of the repository."""
    folder = tmp_path / "weekender"
    shutil.copytree(repository, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def stock(repository: Path) -> bytes:
    """Return the baseline of the app as it stands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repository)
        assert call("baseline").stdout == f"Wrote 13 findings to {NAME}.\n"
        path = repository / NAME
        made = path.read_bytes()
        path.unlink()
    return made


@pytest.fixture
def taken(project: Path, stock: bytes) -> None:
    """Take stock of the project as it stands."""
    (project / NAME).write_bytes(stock)


def git(*arguments: str, folder: Path = Path()) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def scan(*arguments: str) -> Outcome:
    return call("scan", *arguments, "--baseline", NAME, "--format", "concise")


def edit(name: str, old: str, new: str) -> None:
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def paths_in_baseline(name: str = NAME) -> list[str]:
    return [each["path"] for each in json.loads(Path(name).read_text(encoding="utf-8"))["findings"]]


def is_clean(outcome: Outcome, known: int = STANDING) -> bool:
    lines = outcome.stdout.splitlines()
    return outcome.code == 0 and len(lines) == 1 and lines[0].endswith(f"({known} in the baseline).")


def test_what_stands_is_not_shown(project: Path) -> None:
    written = run(project, "baseline")

    assert (written.code, written.stdout, written.stderr) == (0, f"Wrote 13 findings to {NAME}.\n", "")
    assert is_clean(run(project, "scan", "--baseline", NAME))
    assert call("scan").code == 1


def test_moved_lines_indented_code_and_renamed_files_stay_known(taken: None) -> None:
    for path in Path().rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        future = [line for line in lines if line.startswith("from __future__")]
        rest = "".join(line for line in lines if line not in future)
        body = textwrap.indent(rest, "    ")
        path.write_text("".join([*future, "\n\nif True:\n", body]), encoding="utf-8")
    panel = Path("frontend/src/ChatPanel.tsx")
    panel.write_text(re.sub(r"^  ", "\t\t\t", panel.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
    assert is_clean(scan())

    git("mv", "backend/app/store.py", "backend/app/sqlite.py")
    git("mv", "frontend", "web")
    assert is_clean(scan())
    assert is_clean(scan("backend/app/sqlite.py"), 2)


def test_only_what_is_new_is_shown(taken: None) -> None:
    write_files(Path(), {"backend/app/more.py": "from chatkit.stores import Store\n"})

    outcome = scan()

    assert outcome.code == 1
    finding, summary = outcome.stdout.splitlines()
    assert finding.startswith("backend/app/more.py:1:6: error: ")
    assert summary == "1 error in 14 files (13 in the baseline). It is fixable with --fix."


def test_a_copy_of_what_stands_is_new(taken: None) -> None:
    shutil.copy("backend/app/titles.py", "backend/app/titles_too.py")

    outcome = scan()

    assert [line.partition(":")[0] for line in outcome.stdout.splitlines()[:-1]] == ["backend/app/titles_too.py"]


def test_fix_mends_what_is_new_and_leaves_what_stands(project: Path) -> None:
    edit("backend/app/server.py", "from chatkit.models import ThreadMetadata, UserMessageItem\n", "")
    call("baseline")
    standing = paths_in_baseline()
    edit(
        "backend/app/server.py",
        "from chatkit.types",
        "from chatkit.models import ThreadMetadata, UserMessageItem\nfrom chatkit.types",
    )

    outcome = scan("--fix")

    # The new import is merged into a line that has a known error.
    text = Path("backend/app/server.py").read_text(encoding="utf-8")
    assert "from chatkit.types import ClientToolCallOutputItem, ThreadMetadata, UserMessageItem\n" in text
    assert outcome.code == 0
    assert is_clean(scan(), len(standing))


def test_what_is_mended_leaves_a_stale_entry(taken: None) -> None:
    edit("frontend/src/ChatPanel.tsx", "'👋'", "'star'")

    outcome = scan()

    assert outcome.code == 0
    assert outcome.stdout.startswith(STALE)
    assert outcome.stdout.endswith("(12 in the baseline).\n")

    assert call("baseline").stdout == f"Wrote 12 findings to {NAME}.\n"
    assert is_clean(scan(), 12)


def test_formats_for_machines_keep_their_shape(taken: None) -> None:
    edit("frontend/src/ChatPanel.tsx", "'👋'", "'star'")

    outcome = call("scan", "--baseline", NAME, "--format", "json")

    assert json.loads(outcome.stdout)["findings"] == []


def test_what_a_comment_hides_needs_no_entry(taken: None) -> None:
    edit("backend/app/titles.py", "UserMessageContent\n", "UserMessageContent  # chatkit-doctor: ignore[CK102]\n")

    outcome = scan()

    assert outcome.code == 0
    assert outcome.stdout.startswith(STALE)


@pytest.mark.parametrize(
    ("part", "known"),
    [("backend", 8), ("frontend/index.html", 1), ("--select=CK1", 5), ("--ignore=CK1,CK2", 7)],
)
def test_a_scan_of_a_part_calls_nothing_stale(part: str, known: int, taken: None) -> None:
    assert is_clean(scan(part), known)


def test_min_severity_calls_nothing_stale(taken: None) -> None:
    assert is_clean(scan("--min-severity", "warning"), 12)


def test_settings_that_leave_a_folder_out_call_nothing_stale(taken: None) -> None:
    Path("chatkit-doctor.toml").write_text('exclude = ["frontend"]\n', encoding="utf-8")

    assert is_clean(scan(), 8)


def test_the_baseline_has_what_the_settings_ask_for() -> None:
    Path("chatkit-doctor.toml").write_text('ignore = ["CK1"]\n', encoding="utf-8")
    Path("other.toml").write_text('select = ["CK4"]\n', encoding="utf-8")

    assert call("baseline").stdout == f"Wrote 8 findings to {NAME}.\n"
    assert call("baseline", "--config", "other.toml").stdout == f"Wrote 4 findings to {NAME}.\n"
    assert call("baseline", "--isolated").stdout == f"Wrote 13 findings to {NAME}.\n"


def test_a_baseline_of_a_part_in_a_folder_of_its_own(project: Path) -> None:
    outcome = call("baseline", "backend", "--output", "etc/doctor/backend.json")

    assert outcome.stdout == "Wrote 8 findings to etc/doctor/backend.json.\n"
    assert set(paths_in_baseline("etc/doctor/backend.json")) == {
        f"../../backend/app/{name}.py" for name in ("server", "store", "titles")
    }
    outcome = call("scan", "backend", "--baseline", "etc/doctor/backend.json")
    assert is_clean(outcome, 8)


def test_a_scan_from_elsewhere_finds_the_same(project: Path, taken: None) -> None:
    assert is_clean(run(project / "backend", "scan", "--baseline", f"../{NAME}"), 8)
    assert is_clean(run(project.parent, "scan", "weekender", "--baseline", str(project / NAME)))


def test_standard_input_stands_for_its_file(project: Path, taken: None) -> None:
    text = Path("backend/app/titles.py").read_bytes()
    arguments = ("scan", "-", "--stdin-filename", "backend/app/titles.py", "--baseline", NAME, "--format", "concise")

    assert is_clean(run(project, *arguments, stdin=b"\n\n" + text), 1)
    assert run(project, *arguments, stdin=b"import chatkit.stores\n" + text).code == 1


def test_the_same_findings_make_the_same_file(taken: None) -> None:
    first = Path(NAME).read_bytes()
    edit("backend/app/titles.py", "from chatkit.types", "\n\n\nfrom chatkit.types")

    call("baseline")

    assert Path(NAME).read_bytes() == first


HOSTILE = {
    "broken": (b'{"version": 1, "findings": [', "line 1 is not JSON: expecting value"),
    "empty": (b"", "line 1 is not JSON: expecting value"),
    "conflict": (b'{\n  "version": 1,\n<<<<<<< ours\n', "line 3 is not JSON: expecting property name"),
    "binary": (b"\x80\x81", "byte 0 is not valid UTF-8"),
    "deep": (b"[" * 1_000_000, "it is nested too deeply"),
    "newer": (b'{"version": 2, "findings": []}', "it has version 2, written by a newer chatkit-doctor"),
    "negative": (b'{"version": -1, "findings": []}', "'version' is -1"),
    "types": (b'{"version": 1, "findings": [{"path": 5, "code": 1, "fingerprint": []}]}', "finding 1: 'path' is 5"),
    "manifest": (b'{"name": "weekender", "private": true}', "it is not a baseline"),
    "notes": (b"# Notes\n\x1b[31m", "line 1 is not JSON"),
    "large": (b"[" + b"1," * 5_000_000 + b"1]", "it is not a baseline"),
}


@pytest.mark.parametrize(("content", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_baseline_is_one_line_and_stays_as_it_is(project: Path, content: bytes, reason: str) -> None:
    path = project / "b.json"
    path.write_bytes(content)

    for arguments, complaint in (
        (("scan", "--baseline", "b.json", "--fix"), reason),
        (("baseline", "--output", "b.json"), f"it is not replaced, since it cannot be read as a baseline: {reason}"),
    ):
        outcome = call(*arguments)

        assert (outcome.code, outcome.stdout) == (2, "")
        (line,) = outcome.stderr.splitlines()
        assert line.isprintable()
        assert line.startswith(f"error: b.json: {complaint}")
        assert path.read_bytes() == content
    assert subprocess.run(["git", "diff", "--quiet"], check=False).returncode == 0


def test_what_is_no_file_is_one_line(project: Path) -> None:
    Path("loop.json").symlink_to("loop.json")
    for name, reason in {
        "gone.json": "there is no such file; `chatkit-doctor baseline` writes one",
        "loop.json": "its symbolic links form a loop",
        "backend": "it is a folder, not a regular file",
    }.items():
        outcome = call("scan", "--baseline", name)

        assert (outcome.code, outcome.stdout, outcome.stderr) == (2, "", f"error: {name}: {reason}\n")
    assert call("baseline", "--output", "loop.json").code == 2
    assert Path("loop.json").is_symlink()
    assert call("baseline", "--output", "backend").code == 2


def test_no_file_of_the_project_is_replaced() -> None:
    before = Path("backend/app/store.py").read_bytes()

    outcome = call("baseline", "--output", "backend/app/store.py")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert Path("backend/app/store.py").read_bytes() == before


def test_ten_megabytes_of_findings_that_are_gone(taken: None) -> None:
    document = json.loads(Path(NAME).read_text(encoding="utf-8"))
    gone = [
        document["findings"][0] | {"path": f"src/{number}.py", "fingerprint": "0" * 16} for number in range(100_000)
    ]
    Path(NAME).write_text(json.dumps(document | {"findings": document["findings"] + gone}), encoding="utf-8")
    assert Path(NAME).stat().st_size > 10_000_000

    outcome = scan()

    assert outcome.code == 0
    assert outcome.stdout.startswith(f"note: 100000 entries of {NAME} stand for nothing any more; ")


def test_a_baseline_needs_no_writer_and_no_validator(project: Path, taken: None) -> None:
    names = third_party(loaded(project, "scan", "--baseline", NAME))

    assert names & {"libcst", "pydantic", "rich"} == set()


def test_a_call_that_cannot_be_meant_writes_nothing(project: Path) -> None:
    (project / "empty").mkdir()

    assert call("baseline", "nowhere").stderr == "error: nowhere: there is no such file or folder\n"
    assert call("baseline", "--config", "a.toml", "--isolated").code == 2
    assert call("baseline", "--config", "a.toml").code == 2
    assert call("baseline", "empty").code == 3
    assert not Path(NAME).exists()


def test_a_rule_that_crashes_leaves_the_baseline_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    from chatkit_doctor.scanning.checking import CheckResult
    from chatkit_doctor.scanning.results.found import InternalError

    call("baseline")
    before = Path(NAME).read_bytes()
    crash = CheckResult([], [InternalError("CK101", None, "KeyError: 'x'", "")])
    monkeypatch.setattr("chatkit_doctor.scanning.triage.check_project", lambda *_, **__: crash)

    outcome = call("baseline")

    assert (outcome.code, outcome.stderr) == (2, "error: no baseline is written, for CK101 crashed: KeyError: 'x'\n")
    assert Path(NAME).read_bytes() == before
    assert STALE not in scan("--select", "CK101").stdout
