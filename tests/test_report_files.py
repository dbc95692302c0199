"""`--output`: reports in files, several of a run, each replaced whole or left as it was."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from chatkit_doctor.commands.cli import Format
from chatkit_doctor.reports import FORMATS
from tests.commands import call, run
from tests.projects import write_files
from tests.reports.sarif_schema import violations

CHAT = """
import type { ChatKitOptions } from '@openai/chatkit'

export const options: ChatKitOptions = { api: { url: '/chatkit' } }
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a project with one error, which --fix can mend."""
    write_files(tmp_path, {"web/chat.ts": CHAT})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_command_knows_all_formats() -> None:
    assert {each.value for each in Format} == set(FORMATS)


def test_output_takes_the_report_from_standard_output() -> None:
    printed = call("scan", "--format", "json").stdout

    outcome = call("scan", "--format", "json", "--output", "report.json")

    assert (outcome.code, outcome.stdout, outcome.stderr) == (1, "", "")
    assert Path("report.json").read_text() == printed


def test_outputs_with_formats_come_besides_the_one_that_is_printed() -> None:
    printed = call("scan", "--format", "concise").stdout

    outcome = call(
        "scan", "--format", "concise", "--output", "sarif:out/of/doctor.sarif", "--output", "junit:out/doctor.xml"
    )

    assert (outcome.code, outcome.stdout, outcome.stderr) == (1, printed, "")
    assert violations(json.loads(Path("out/of/doctor.sarif").read_text())) == []
    assert Path("out/doctor.xml").read_text().startswith("<?xml")


def test_every_format_has_the_edits_that_it_shows() -> None:
    call("scan", "--format", "concise", "--output", "sarif:a.sarif", "--output", "jsonl:a.jsonl")

    (result,) = json.loads(Path("a.sarif").read_text())["runs"][0]["results"]
    assert result["fixes"][0]["artifactChanges"][0]["artifactLocation"]["uri"] == "web/chat.ts"
    assert json.loads(Path("a.jsonl").read_text())["fix"]["applicability"] == "safe"


def test_a_file_has_no_colour_and_is_utf_8() -> None:
    call("scan", "--color", "always", "--output", "text:report.txt")

    text = Path("report.txt").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "│" in text


def test_reports_tell_what_fix_did() -> None:
    outcome = call("scan", "--fix", "--output", "markdown:report.md")

    assert outcome.code == 0
    assert "### Fixed" in Path("report.md").read_text()


def test_a_report_replaces_what_was_there_and_keeps_its_permissions(project: Path) -> None:
    report = project / "report.txt"
    report.write_text("x" * 100_000)
    report.chmod(0o640)

    call("scan", "--output", "report.txt")

    assert "CK401" in report.read_text()
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert files(project) == ["report.txt", "web/chat.ts"]


@pytest.mark.parametrize("is_repository", [True, False])
@pytest.mark.parametrize(
    ("link", "target", "output"),
    [
        ("link.txt", "../outside.txt", "link.txt"),
        ("link.txt", "real.txt", "link.txt"),
        ("link.txt", "../nowhere.txt", "link.txt"),
        ("link.txt", "/dev/null", "link.txt"),
        ("reports", "..", "reports/outside.txt"),
        ("reports", "..", "reports/deep/new.txt"),
        ("web/reports", "../..", "web/reports/outside.txt"),
    ],
)
def test_no_report_is_written_by_way_of_a_link_of_the_project(
    project: Path, link: str, target: str, output: str, is_repository: bool
) -> None:
    (project.parent / "outside.txt").write_text("")
    (project / "real.txt").write_text("")
    if is_repository:
        (project / ".git").mkdir()
    (project / link).symlink_to(target)
    before = files(project)

    outcome = call("scan", "--output", output)

    reason = "it is written by way of no link, and the project has one there"
    assert (outcome.code, outcome.stderr) == (2, f"error: {output}: {reason}\n")
    assert files(project) == before
    assert not (project.parent / "nowhere.txt").exists()
    assert not (project.parent / "deep").exists()
    assert (project.parent / "outside.txt").read_text() == (project / "real.txt").read_text() == ""


def test_a_link_of_ones_own_elsewhere_stays_one(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "real.txt").write_text("")
    (elsewhere / "link.txt").symlink_to("real.txt")

    call("scan", "--output", str(elsewhere / "link.txt"))

    assert (elsewhere / "link.txt").is_symlink()
    assert "CK401" in (elsewhere / "real.txt").read_text()


def test_what_is_no_file_is_written_into() -> None:
    outcome = run(Path.cwd(), "scan", "--output", "jsonl:/dev/stdout", "--quiet", "--format", "concise")

    assert Path("/dev/stdout").is_symlink()
    assert any(line.startswith('{"code": "CK401"') for line in outcome.stdout.splitlines())


def test_no_report_is_written_over_a_file_of_the_project() -> None:
    outcome = call("scan", "--output", "web/chat.ts")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == "error: web/chat.ts: it is a file of the project\n"
    assert Path("web/chat.ts").read_text() == CHAT.lstrip()


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(project: Path) -> None:
    (project / "folder").mkdir()
    (project / "file").write_text("")

    outcome = call("scan", "--output", "json:file/report.json", "--output", "concise:folder", "--output", "json:a.json")

    assert outcome.code == 2
    assert [line.split(":")[:2] for line in outcome.stderr.splitlines()] == [
        ["error", " file/report.json"],
        ["error", " folder"],
    ]
    assert files(project) == ["a.json", "file", "web/chat.ts"]


def test_a_write_that_breaks_off_leaves_what_was_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "report.txt").write_text("before")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    outcome = call("scan", "--output", "report.txt")

    assert (outcome.code, outcome.stderr) == (2, "error: report.txt: it cannot be written: no space left on device\n")
    assert (project / "report.txt").read_text() == "before"
    assert files(project) == ["report.txt", "web/chat.ts"]


def test_a_report_of_nothing_to_scan_is_written_too(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert call("scan", "empty", "--output", "gitlab:quality.json").code == 3
    assert json.loads(Path("quality.json").read_text()) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["sarfi:a.sarif"], "--output sarfi:a.sarif: there is no format 'sarfi'; the nearest is sarif"),
        (["notes:12.txt"], "--output notes:12.txt: there is no format 'notes'; a file of that name is ./notes:12.txt"),
        (["json:a", "sarif:./a"], "--output a: this file is to hold two reports"),
        (["a.txt", "--diff"], "--output goes with a report, and --diff prints none"),
    ],
)
def test_an_output_that_cannot_be_meant_is_one_line(project: Path, arguments: list[str], complaint: str) -> None:
    flags = [word for each in arguments for word in (["--output", each] if not each.startswith("--") else [each])]

    outcome = call("scan", *flags)

    assert (outcome.code, outcome.stdout, outcome.stderr) == (2, "", f"error: {complaint}\n")
    assert files(project) == ["web/chat.ts"]


def test_a_file_with_a_colon_and_a_drive_are_no_formats() -> None:
    call("scan", "--output", "./notes:12.txt", "--format", "concise")

    assert Path("notes:12.txt").exists()
