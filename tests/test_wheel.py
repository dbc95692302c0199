"""The built packages: what is in them, and that an installed one works from any folder without the checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from chatkit_doctor import __version__
from chatkit_doctor.commands.init import reference_files
from chatkit_doctor.pages.catalogue import pages
from tests.commands import ROOT
from tests.docs.pages import blocks
from tests.leftovers import APP
from tests.packages import environment_outside
from tests.projects import write_files


def _run(cwd: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=environment_outside(), capture_output=True, text=True, check=False)


def _below(folder: str, names: Iterable[str]) -> set[str]:
    return {name.removeprefix(folder) for name in names if name.startswith(folder)}


def _app_files() -> set[str]:
    return {path.as_posix() for path in reference_files()}


def test_the_wheel_installs_one_package_and_carries_the_pages(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert wheel.name == f"chatkit_doctor-{__version__}-py3-none-any.whl"
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"chatkit_doctor", f"chatkit_doctor-{__version__}.dist-info"}
    carried = {name.rpartition("/")[2] for name in names if name.startswith("chatkit_doctor/_pages/rules/")}
    assert carried == {page.path.name for page in pages().values()}
    assert _below("chatkit_doctor/_pages/reference/", names) == _app_files()
    assert "chatkit_doctor/contracts/data" in {name.rpartition("/")[0] for name in names}
    assert not [name for name in names if name.endswith(".pyc")]
    assert "chatkit_doctor/py.typed" in names


def test_the_sdist_holds_what_it_takes_to_build_and_test(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}

    wanted = {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "chatkit_doctor/commands/cli.py",
        "tests/test_wheel.py",
        "scripts/corpus.py",
    }
    assert wanted <= names
    assert {f"rules/{page.path.name}" for page in pages().values()} <= names
    assert _below(f"{APP.as_posix()}/", names) == _app_files()
    assert not [name for name in names if "node_modules" in name or name.startswith((".venv", ".git/"))]


def test_the_doctor_itself_brings_nothing_of_the_apps_along(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    metadata = zipfile.ZipFile(wheel).read(f"chatkit_doctor-{__version__}.dist-info/METADATA").decode()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ") and "extra ==" not in line]

    assert {re.split(r"[ <>=!~\[;]", line.removeprefix("Requires-Dist: "))[0] for line in required} == {
        *("libcst", "packaging", "pydantic", "pyyaml", "rich", "typer"),
        *("tree-sitter", "tree-sitter-html", "tree-sitter-javascript", "tree-sitter-typescript"),
    }


def test_an_installed_command_scans_from_any_folder(installed_doctor: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "from chatkit.stores import Store\n"})

    done = _run(tmp_path, installed_doctor / "python", installed_doctor / "chatkit-doctor", "scan")

    assert (done.returncode, done.stderr) == (1, "")
    assert "error[CK101]" in done.stdout
    assert (
        _run(tmp_path, installed_doctor / "python", installed_doctor / "chatkit-doctor", "scan", "--fix").returncode
        == 0
    )
    assert (tmp_path / "app.py").read_text() == "from chatkit.store import Store\n"


def test_an_installed_command_reads_the_pages_inside_the_package(installed_doctor: Path, tmp_path: Path) -> None:
    code = "from chatkit_doctor.pages.catalogue import pages_folder; print(pages_folder())"
    done = _run(tmp_path, installed_doctor / "python", "-c", code)

    assert Path(done.stdout.strip()).is_relative_to(installed_doctor.parent), done.stderr
    explained = _run(tmp_path, installed_doctor / "python", installed_doctor / "chatkit-doctor", "explain", "CK201")
    assert explained.stdout.startswith("# missing-store-methods (CK201)\n")
    table = _run(tmp_path, installed_doctor / "python", "-m", "chatkit_doctor", "rules")
    assert len(table.stdout.splitlines()) == len(pages())


def test_an_installed_command_starts_the_same_project(installed_doctor: Path, tmp_path: Path) -> None:
    done = _run(tmp_path, installed_doctor / "python", installed_doctor / "chatkit-doctor", "init", "app")

    assert (done.returncode, done.stderr) == (0, "")
    started = [path.relative_to(tmp_path / "app") for path in (tmp_path / "app").rglob("*") if path.is_file()]
    assert {path.as_posix() for path in started} == _app_files()
    for path in started:
        assert (tmp_path / "app" / path).read_bytes() == (ROOT / APP / path).read_bytes()


def test_an_installed_package_is_typed(installed_doctor: Path, tmp_path: Path) -> None:
    """What a user's own program gets wrong, mypy says; what the pages show, it takes."""
    pytest.importorskip("mypy")
    for number, block in enumerate(blocks("docs/api.md", "python")):
        (tmp_path / f"page_{number}.py").write_text(block.text)
    wrong = "import chatkit_doctor\n\nreport: int = chatkit_doctor.scan(4, min_severity='fatal').findings[0].nonsense\n"
    (tmp_path / "wrong.py").write_text(wrong + "chatkit_doctor.nonsense\n")
    python = ["--python-executable", str(installed_doctor / "python"), "--cache-dir", str(tmp_path / "cache")]
    strict = [sys.executable, "-m", "mypy", "--strict", *python]

    good = _run(tmp_path, *strict, *(path.name for path in sorted(tmp_path.glob("page_*.py"))))
    bad = _run(tmp_path, *strict, "wrong.py")

    assert (good.returncode, good.stdout) == (0, "Success: no issues found in 2 source files\n"), good.stderr
    codes = re.findall(r"\[([a-z-]+)\]$", bad.stdout, re.MULTILINE)
    assert sorted(codes) == ["arg-type", "arg-type", "attr-defined", "attr-defined"], bad.stdout


@pytest.mark.parametrize("module", ["rules", "tests", "fixtures", "scripts"])
def test_nothing_else_is_installed_at_the_top(installed_doctor: Path, tmp_path: Path, module: str) -> None:
    library = next(installed_doctor.parent.glob("lib/python*/site-packages"))

    assert not (library / module).exists()
