"""What a release is made with: the workflow, its scripts, the container, and what the index shows of the README."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from tests.commands import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def script(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_wheel_is_tested_wherever_it_is_said_to_run() -> None:
    matrix = JOBS["test"]["strategy"]["matrix"]
    said = {each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", each)}

    assert set(matrix["python"]) == said
    assert {each.partition("-")[0] for each in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert JOBS["publish"]["needs"] == "test"


def test_what_others_have_written_is_pinned_to_a_commit() -> None:
    used = re.findall(r"uses: (\S+)(.*)", WORKFLOW.read_text(encoding="utf-8"))

    assert used
    for action, comment in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


def test_nothing_that_was_typed_is_run() -> None:
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_only_what_publishes_may_write() -> None:
    assert yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "build": {"contents": "read"},
        "test": {"contents": "read"},
        "publish": {"contents": "write", "id-token": "write"},
    }


def test_the_scripts_that_are_run_are_there() -> None:
    named = {name for step in STEPS for name in re.findall(r"scripts/\w+\.py", step.get("run", ""))}

    assert named == {"scripts/release.py", "scripts/smoke.py"}
    assert all((ROOT / name).is_file() for name in named)


def test_the_smoke_test_goes_through_with_what_is_installed(installed_doctor: Path) -> None:
    done = script(
        str(ROOT / "scripts" / "smoke.py"), str(installed_doctor / "python"), str(installed_doctor / "chatkit-doctor")
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok: ") > 10


def test_the_smoke_test_fails_with_what_is_not_right(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import sys\nprint('chatkit-doctor 0.1.0' if '--version' in sys.argv else '{\"findings\": []}')\n")

    done = script(str(ROOT / "scripts" / "smoke.py"), sys.executable, str(wrong))

    assert done.returncode == 1
    assert "scan broken --format json: ended with 0" in done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "chatkit_doctor").mkdir()
    shutil.copyfile(ROOT / "scripts" / "release.py", tmp_path / "scripts" / "release.py")
    (tmp_path / "chatkit_doctor" / "__init__.py").write_text('"""Doc."""\n\n__version__ = "1.2.0"\n')
    text = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2027\n\n### Added\n\n- This.\n\n## [1.1.0]\n\n- That.\n"
    (tmp_path / "CHANGELOG.md").write_text(text)
    return tmp_path


def test_a_release_is_of_the_version_of_the_code_with_its_notes(checkout: Path) -> None:
    assert script("scripts/release.py", "check", "1.2.0", cwd=checkout).returncode == 0
    assert script("scripts/release.py", "notes", "1.2.0", cwd=checkout).stdout == "### Added\n\n- This.\n"

    other = script("scripts/release.py", "check", "1.1.0", cwd=checkout)
    assert (other.returncode, other.stderr) == (1, "the code is 1.2.0, not 1.1.0\n")
    (checkout / "CHANGELOG.md").write_text("# Changelog\n\n## [1.2.0]\n\n## [1.1.0]\n\n- That.\n")
    silent = script("scripts/release.py", "check", "1.2.0", cwd=checkout)
    assert (silent.returncode, silent.stderr) == (1, "CHANGELOG.md has no section [1.2.0]\n")


def test_the_container_is_built_of_all_that_the_wheel_is_built_of(built: Path, tmp_path: Path) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [word for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for word in line.split()]
    left_out = shutil.ignore_patterns(*(line.removeprefix("**/") for line in ignored if line.startswith("**/")))
    for name in sources:
        assert f"!{name}" in ignored
        source, target = ROOT / name, tmp_path / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=left_out)
        else:
            shutil.copyfile(source, target)

    command = ["-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path / "dist"), str(tmp_path / "source")]
    done = script(*command)

    assert done.returncode == 0, done.stdout + done.stderr
    ((here,), (there,)) = (tuple(folder.glob("*.whl")) for folder in (tmp_path / "dist", built))
    assert set(ZipFile(here).namelist()) == set(ZipFile(there).namelist())


def test_the_container_does_not_run_as_root() -> None:
    _, _, last = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")

    assert re.search(r"^USER (?!0$)\d+$", last, re.MULTILINE)
    assert 'ENTRYPOINT ["chatkit-doctor"]\nCMD ["scan"]\n' in last


def test_the_container_can_ask_git_about_a_mounted_repository() -> None:
    build, _, last = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")

    assert re.search(r"^RUN .*apt-get install .*\bgit$", build, re.MULTILINE)
    assert "\nCOPY --from=build /usr/bin/git /usr/bin/git\n" in last
    folder = re.search(r"git config --system safe\.directory (\S+)$", last, re.MULTILINE)
    assert folder is not None
    assert f"\nWORKDIR {folder[1]}\n" in last


def test_the_links_of_what_the_index_shows_lead_to_files_of_the_tag(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    shown = metadata.get_payload()
    assert isinstance(shown, str)
    assert metadata["Description-Content-Type"] == "text/markdown"
    home = PROJECT["urls"]["Homepage"]
    raw = home.replace("github.com", "raw.githubusercontent.com")
    tag = f"v{metadata['Version']}"
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", shown) if not link.startswith("#")]

    assert len(links) > 80
    assert [link for link in links if not link.startswith("https://")] == []
    for link in links:
        for start in (f"{home}/blob/{tag}/", f"{raw}/{tag}/"):
            if link.startswith(start):
                assert (ROOT / link.removeprefix(start).partition("#")[0]).exists(), link
    assert f"{raw}/{tag}/docs/terminal.svg" in links
    assert f"{home}/blob/{tag}/docs/commands.md" in links

    from readme_renderer import markdown

    rendered = markdown.render(shown)
    assert rendered is not None
    assert rendered.count("<img") == 1
    assert "<table>" in rendered


def test_the_packages_are_as_the_index_takes_them(built: Path) -> None:
    done = script("-m", "twine", "check", "--strict", *map(str, built.iterdir()))

    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2
