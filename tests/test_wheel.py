"""The built packages: what is in them, and that an installed one works from any folder without the checkout."""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

from chatkit_doctor import __version__
from chatkit_doctor.commands.init import reference_files
from chatkit_doctor.pages.catalogue import pages
from tests.commands import PLAIN, ROOT
from tests.docs.pages import blocks
from tests.leftovers import APP, used_checkout
from tests.projects import write_files


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist of a copy of this checkout in which the reference app was run."""
    folder = tmp_path_factory.mktemp("dist")
    checkout = used_checkout(tmp_path_factory.mktemp("used") / "checkout")
    # With the backend at hand nothing is fetched; without it, build fetches it into an environment of its own.
    isolation = ["--no-isolation"] if find_spec("hatchling") else []
    command = [sys.executable, "-m", "build", *isolation, "--outdir", str(folder), "--wheel", "--sdist", str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bin folder of a new environment that has the wheel and, by a path file, our dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    scripts, library = folder / "bin", next(folder.glob("lib/python*/site-packages"))
    (wheel,) = built.glob("*.whl")
    install = ["install", "--quiet", "--no-deps", "--no-index", "--target", str(library), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, capture_output=True, env=_environment())
    # A path file adds folders behind the environment's own, and does not read the path files in them, so that an
    # editable install of this checkout there is not seen.
    (library / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    shutil.copyfile(library / "bin" / "chatkit-doctor", scripts / "chatkit-doctor")
    (scripts / "chatkit-doctor").chmod(0o755)
    return scripts


def _environment() -> dict[str, str]:
    """Return an environment in which nothing leads to the checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return kept | PLAIN | {"PYTHONDONTWRITEBYTECODE": "1"}


def _run(cwd: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=_environment(), capture_output=True, text=True, check=False)


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


def test_an_installed_command_scans_from_any_folder(installed: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "from chatkit.stores import Store\n"})

    done = _run(tmp_path, installed / "python", installed / "chatkit-doctor", "scan")

    assert (done.returncode, done.stderr) == (1, "")
    assert "error[CK101]" in done.stdout
    assert _run(tmp_path, installed / "python", installed / "chatkit-doctor", "scan", "--fix").returncode == 0
    assert (tmp_path / "app.py").read_text() == "from chatkit.store import Store\n"


def test_an_installed_command_reads_the_pages_inside_the_package(installed: Path, tmp_path: Path) -> None:
    code = "from chatkit_doctor.pages.catalogue import pages_folder; print(pages_folder())"
    done = _run(tmp_path, installed / "python", "-c", code)

    assert Path(done.stdout.strip()).is_relative_to(installed.parent), done.stderr
    explained = _run(tmp_path, installed / "python", installed / "chatkit-doctor", "explain", "CK201")
    assert explained.stdout.startswith("# missing-store-methods (CK201)\n")
    table = _run(tmp_path, installed / "python", "-m", "chatkit_doctor", "rules")
    assert len(table.stdout.splitlines()) == len(pages())


def test_an_installed_command_starts_the_same_project(installed: Path, tmp_path: Path) -> None:
    done = _run(tmp_path, installed / "python", installed / "chatkit-doctor", "init", "app")

    assert (done.returncode, done.stderr) == (0, "")
    started = [path.relative_to(tmp_path / "app") for path in (tmp_path / "app").rglob("*") if path.is_file()]
    assert {path.as_posix() for path in started} == _app_files()
    for path in started:
        assert (tmp_path / "app" / path).read_bytes() == (ROOT / APP / path).read_bytes()


def test_an_installed_package_is_typed(installed: Path, tmp_path: Path) -> None:
    """What a user's own program gets wrong, mypy says; what the pages show, it takes."""
    pytest.importorskip("mypy")
    for number, block in enumerate(blocks("docs/api.md", "python")):
        (tmp_path / f"page_{number}.py").write_text(block.text)
    wrong = "import chatkit_doctor\n\nreport: int = chatkit_doctor.scan(4, min_severity='fatal').findings[0].nonsense\n"
    (tmp_path / "wrong.py").write_text(wrong + "chatkit_doctor.nonsense\n")
    python = ["--python-executable", str(installed / "python"), "--cache-dir", str(tmp_path / "cache")]
    strict = [sys.executable, "-m", "mypy", "--strict", *python]

    good = _run(tmp_path, *strict, *(path.name for path in sorted(tmp_path.glob("page_*.py"))))
    bad = _run(tmp_path, *strict, "wrong.py")

    assert (good.returncode, good.stdout) == (0, "Success: no issues found in 2 source files\n"), good.stderr
    codes = re.findall(r"\[([a-z-]+)\]$", bad.stdout, re.MULTILINE)
    assert sorted(codes) == ["arg-type", "arg-type", "attr-defined", "attr-defined"], bad.stdout


@pytest.mark.parametrize("module", ["rules", "tests", "fixtures", "scripts"])
def test_nothing_else_is_installed_at_the_top(installed: Path, tmp_path: Path, module: str) -> None:
    library = next(installed.parent.glob("lib/python*/site-packages"))

    assert not (library / module).exists()
