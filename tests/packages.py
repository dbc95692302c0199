"""The wheel and the sdist of this checkout, and an environment that has the wheel and nothing else of the checkout."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

from tests.commands import PLAIN


def build_packages(checkout: Path, folder: Path) -> None:
    """Build the wheel and the sdist of a checkout into a folder."""
    # With the backend at hand nothing is fetched; without it, build fetches it into an environment of its own.
    isolation = ["--no-isolation"] if find_spec("hatchling") and find_spec("hatch_fancy_pypi_readme") else []
    command = [sys.executable, "-m", "build", *isolation, "--outdir", str(folder), "--wheel", "--sdist", str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment_outside())
    assert done.returncode == 0, done.stdout + done.stderr


def install_wheel(wheel: Path, folder: Path) -> Path:
    """Make an environment in a folder that has the wheel and, by a path file, our dependencies; return its bin."""
    venv.create(folder, symlinks=True)
    scripts, library = folder / "bin", next(folder.glob("lib/python*/site-packages"))
    install = ["install", "--quiet", "--no-deps", "--no-index", "--target", str(library), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, capture_output=True, env=environment_outside())
    # A path file adds folders behind the environment's own, and does not read the path files in them, so that an
    # editable install of this checkout there is not seen.
    (library / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    shutil.copyfile(library / "bin" / "chatkit-doctor", scripts / "chatkit-doctor")
    (scripts / "chatkit-doctor").chmod(0o755)
    return scripts


def environment_outside() -> dict[str, str]:
    """Return an environment in which nothing leads to the checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return kept | PLAIN | {"PYTHONDONTWRITEBYTECODE": "1"}
