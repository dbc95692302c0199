"""Builds the app of a framework as its own tools do, or runs the server that makes its pages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.frameworks.apps import app
from tests.projects import write_exactly
from tests.reference.browser import Site

# Where packages are kept from one run to the next; without it, each run installs them.
_KEPT = os.environ.get("FRAMEWORKS_FOLDER", "")


@dataclass(frozen=True)
class Build:
    """output: the folder that `npm run build` writes. page: the file of it that is shown."""

    output: str
    page: str = "index.html"


BUILDS = {
    "react-vite": Build("dist"),
    "next-app": Build("out"),
    "next-pages": Build("out"),
    "react-router": Build("build/client"),
    "tanstack-start": Build("dist/client", "_shell.html"),
    "docusaurus": Build("build"),
    "cra": Build("build"),
    "expo-web": Build("dist"),
    "web-component": Build("dist"),
    "vue-vite": Build("dist"),
    "nuxt": Build(".output/public"),
    "svelte-vite": Build("dist"),
    "sveltekit": Build("build"),
    "angular": Build("dist/browser"),
    "astro": Build("dist"),
}
SERVERS = {
    "flask-jinja": (sys.executable, "-m", "flask", "--app", "app", "run", "--port", "{port}"),
    "wordpress": ("php", "-S", "localhost:{port}", str(Path(__file__).parent / "standin" / "wordpress.php")),
    "django": (sys.executable, "manage.py", "runserver", "--noreload", "{port}"),
}
_ENVIRONMENT = {
    **dict.fromkeys(("CI", "NEXT_TELEMETRY_DISABLED", "ASTRO_TELEMETRY_DISABLED", "NUXT_TELEMETRY_DISABLED"), "1"),
    "DISABLE_ESLINT_PLUGIN": "1",
    "NG_CLI_ANALYTICS": "false",
    "EXPO_NO_TELEMETRY": "1",
}


@contextmanager
def shown(name: str, files: dict[str, str], where: Path) -> Iterator[str]:
    """Show an app to browsers for as long as the context lasts; yields its address.

    Raises AssertionError with what its tools say where it cannot be built.
    """
    if name in SERVERS:
        write_exactly(where, files)
        with _served(name, where) as origin:
            yield origin
        return
    folder = _built(name, files, where) if name in BUILDS else _written(files, where)
    with Site(folder) as site:
        yield site.origin


def _written(files: dict[str, str], where: Path) -> Path:
    write_exactly(where, files)
    return where


def _built(name: str, files: dict[str, str], where: Path) -> Path:
    build = BUILDS[name]
    folder = _installed(name, where.parent)
    for path in folder.iterdir():
        if path.name != "node_modules":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    write_exactly(folder, files)
    _run(folder, "npm", "run", "build")
    shutil.copytree(folder / build.output, where)
    if build.page != "index.html":
        shutil.copy(where / build.page, where / "index.html")
    return where


def _installed(name: str, where: Path) -> Path:
    """Return a folder with the packages of an app; what the app is made of is the same in both of its kinds."""
    folder = (Path(_KEPT) if _KEPT else where) / f"installed-{name}"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_exactly(folder, {"package.json": app(name, "broken").files["package.json"]})
        _run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
    return folder


def _run(folder: Path, *command: str) -> None:
    environment = os.environ | _ENVIRONMENT
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


@contextmanager
def _served(name: str, folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [part.format(port=port) for part in SERVERS[name]]
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as out, subprocess.Popen(command, cwd=folder, stdout=out, stderr=out) as process:
        try:
            origin = f"http://localhost:{port}"
            _wait_for(origin, process, log)
            yield origin
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(address, timeout=10):  # noqa: S310 - an address of this machine
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
