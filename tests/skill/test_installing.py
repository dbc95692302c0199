"""Where the skill and the section go: what is there of others stays, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chatkit_doctor.skill.installing import BEGIN, END, SkillError, with_section
from tests.commands import ROOT, Outcome, call
from tests.projects import write_files


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a project, which is the working directory."""
    folder = tmp_path / "project"
    write_files(folder, {"app.py": "import chatkit\n", "requirements.txt": "openai-chatkit==1.4.0\n"})
    monkeypatch.chdir(folder)
    return folder


def skill(*arguments: str) -> Outcome:
    return call("skill", *arguments)


def test_without_a_place_it_is_printed_and_nothing_is_written(project: Path) -> None:
    before = sorted(project.rglob("*"))

    done = skill()

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("## OpenAI ChatKit\n")
    assert sorted(project.rglob("*")) == before


def test_a_new_file_holds_the_section_and_a_second_call_changes_nothing(project: Path) -> None:
    first = skill("--agents-md")
    written = (project / "AGENTS.md").read_bytes()
    second = skill("--agents-md")

    assert (first.code, second.code) == (0, 0)
    assert first.stdout == "Wrote the section on ChatKit into AGENTS.md.\nIt is about openai-chatkit 1.4.0.\n"
    assert second.stdout.startswith("AGENTS.md is as it should be; nothing was written.\n")
    assert written.startswith(f"{BEGIN}\n## OpenAI ChatKit\n".encode())
    assert written.endswith(f"{END}\n".encode())
    assert (project / "AGENTS.md").read_bytes() == written


def test_a_release_that_two_apps_have_is_told_once(project: Path) -> None:
    for name in ("one", "two"):
        (project / name).mkdir()
        (project / name / "requirements.txt").write_text("openai-chatkit==1.5.0\n")
        (project / name / "server.py").write_text("from chatkit.server import ChatKitServer\n")

    assert skill("--agents-md").stdout.count("openai-chatkit 1.5.0") == 1


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "{n}"])
def test_the_rest_of_a_file_stays_as_it_is(project: Path, newline: str, last: str) -> None:
    before = f"\ufeff# Ours{newline}{newline}Be kind. ä{last.format(n=newline)}".encode()
    (project / "AGENTS.md").write_bytes(before)

    skill("--agents-md")
    after = (project / "AGENTS.md").read_bytes()
    (project / "AGENTS.md").write_bytes(after + f"{newline}Below.{newline}".encode())
    (project / "requirements.txt").write_text("openai-chatkit==1.5.0\n")
    skill("--agents-md")
    renewed = (project / "AGENTS.md").read_bytes()

    assert after.startswith(before)
    assert b"1.4.0" in after
    assert renewed == after.replace(b"1.4.0", b"1.5.0") + f"{newline}Below.{newline}".encode()
    if newline == "\r\n":
        assert renewed.count(b"\n") == renewed.count(b"\r\n")


@pytest.mark.parametrize("text", [f"{BEGIN}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", f"x\n{END}"])
def test_marks_that_are_no_pair_are_left_to_people(text: str) -> None:
    with pytest.raises(SkillError, match="are not one pair"):
        with_section(text, "section", "AGENTS.md")


def test_what_is_no_text_is_left_alone(project: Path) -> None:
    (project / "AGENTS.md").write_bytes(b"\xff\xfe\x00")

    done = skill("--agents-md")

    assert (done.code, done.stderr) == (2, "error: AGENTS.md: it is not UTF-8, and left alone\n")
    assert (project / "AGENTS.md").read_bytes() == b"\xff\xfe\x00"


def test_the_skill_is_written_and_renewed(project: Path) -> None:
    first = skill("--skill", ".claude/skills")
    folder = project / ".claude" / "skills" / "chatkit"
    (project / "requirements.txt").write_text("openai-chatkit==1.5.0\n")
    (folder / "reference" / "server.md").write_text("mine\n")
    (folder / "notes.md").write_text("mine\n")
    second = skill("--skill", ".claude/skills")
    third = skill("--skill", ".claude/skills")

    assert first.stdout.startswith("Wrote 10 files of the skill into .claude/skills/chatkit.\n"), first
    assert second.stdout.startswith("Wrote 2 files of the skill into .claude/skills/chatkit.\n")
    assert third.stdout.startswith(".claude/skills/chatkit is as it should be; nothing was written.\n")
    assert "openai-chatkit 1.5.0" in (folder / "SKILL.md").read_text(encoding="utf-8")
    assert (folder / "notes.md").read_text() == "mine\n"


def test_a_skill_of_others_is_left_alone(project: Path) -> None:
    write_files(project, {"skills/chatkit/SKILL.md": "mine\n"})

    done = skill("--skill", "skills")

    said = "error: skills/chatkit: something else is there already, and nothing was written\n"
    assert (done.code, done.stderr) == (2, said)
    assert [path.name for path in (project / "skills" / "chatkit").iterdir()] == ["SKILL.md"]


@pytest.mark.parametrize("link", ["skills/chatkit", "skills/chatkit/reference", "skills/chatkit/SKILL.md", "AGENTS.md"])
def test_nothing_is_written_by_way_of_a_link(project: Path, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    target = elsewhere / "file"
    target.write_text("theirs\n")
    (project / link).parent.mkdir(parents=True, exist_ok=True)
    (project / link).symlink_to(target if link.endswith(".md") else elsewhere)

    done = skill("--skill", "skills", "--agents-md")

    assert done.code == 2
    assert "nothing is written by way of one\n" in done.stderr
    assert [(path.name, path.read_text()) for path in elsewhere.iterdir()] == [("file", "theirs\n")]


def test_a_folder_on_the_way_that_is_a_link_is_not_followed_out(project: Path, tmp_path: Path) -> None:
    (project / ".git").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (project / ".claude").symlink_to(tmp_path / "elsewhere")

    done = skill("--skill", ".claude/skills")

    assert done.code == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_is_installed_is_none_of_the_apps_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = tmp_path / "app"
    shutil.copytree(ROOT / "fixtures" / "broken", app, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    monkeypatch.chdir(app)
    before = call("scan", "--format", "concise", "--no-cache").stdout.splitlines()

    for folder in (".claude/skills", "skills"):
        assert skill("--skill", folder, "--agents-md").code == 0

    after = call("scan", "--format", "concise", "--no-cache").stdout.splitlines()
    assert after[:-1] == before[:-1]


def test_a_folder_that_is_not_there_is_an_error() -> None:
    done = skill("gone", "--agents-md")

    assert (done.code, done.stderr) == (2, "error: gone: there is no such folder\n")
