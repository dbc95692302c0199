"""Published packages, fetched with the registries' own clients: pip and npm, as they are configured here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def pypi_releases(package: str) -> list[str]:
    """Return the final releases of a Python package that pip can see, oldest first."""
    output = run([sys.executable, "-m", "pip", "index", "versions", package])
    listed = re.search(r"^Available versions: (.+)$", output, re.MULTILINE)
    return in_order(listed[1].split(", ")) if listed else []


def npm_releases(package: str) -> list[str]:
    """Return the final releases of an npm package, oldest first."""
    listed = json.loads(run(["npm", "view", package, "versions", "--json"]))
    return in_order([listed] if isinstance(listed, str) else listed)


def in_order(releases: Iterable[str]) -> list[str]:
    """Return the releases without pre-releases, oldest first."""
    return sorted((release for release in releases if not Version(release).is_prerelease), key=Version)


def unpack_wheel(package: str, release: str, folder: Path) -> Path:
    """Download a release's wheel, without dependencies, and return the folder it was unpacked into."""
    target = folder / f"{package}-{release}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    run([*pip, "--dest", str(target / "wheel"), f"{package}=={release}"])
    (wheel,) = (target / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target / "site")  # noqa: S202 -- zipfile keeps members inside
    return target / "site"


def unpack_npm(package: str, release: str, folder: Path) -> Path:
    """Download a release's npm package and return the folder it was unpacked into."""
    target = folder / f"{package.replace('/', '+')}-{release}"
    target.mkdir(parents=True)
    run(["npm", "pack", "--silent", "--pack-destination", str(target), f"{package}@{release}"])
    (archive,) = target.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def interpreter_with(requirements: Iterable[str], folder: Path) -> Path:
    """Make a virtual environment that has the requirements and return its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    run([str(python), "-m", "pip", "install", "--quiet", *requirements])
    return python


def run(command: list[str]) -> str:
    """Return what a command prints. Raises RuntimeError with what it complained of when it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        message = f"{' '.join(command)}\n{done.stderr}"
        raise RuntimeError(message)
    return done.stdout
