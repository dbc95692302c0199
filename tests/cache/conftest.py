"""A cache of a test's own, and scans through it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatkit_doctor.commands import front, remembered
from chatkit_doctor.project.app import App
from chatkit_doctor.scanning import cache
from chatkit_doctor.scanning.results import found, units

Scan = Callable[..., tuple[str, object]]


@pytest.fixture(autouse=True)
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache's folder. What a test writes is young; there it is trusted, or nothing would ever be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "YOUNG", 0)
    # What others do to the doctor's files and to its environment meanwhile (an edit, an installation), and that a day
    # ends, is no change that a test has made. What does become of it is asked for by name.
    this_one = [*remembered._surroundings()[1:]]
    monkeypatch.setattr(remembered, "_surroundings", lambda: [str(Path.cwd()), *this_one])
    if sys.platform != "linux":
        monkeypatch.setattr(cache, "folder", lambda: str(tmp_path / "cache" / "chatkit-doctor"))
    # A look is taken through the cache however few files there are.
    monkeypatch.setattr(front, "_MANY", 0)
    return tmp_path / "cache" / "chatkit-doctor"


@pytest.fixture
def scan(capsys: pytest.CaptureFixture[str]) -> Scan:
    def scanned(*words: str) -> tuple[str, object]:
        try:
            code: object = front.answer(["scan", *words])
        except SystemExit as ended:
            code = ended.code
        out, err = capsys.readouterr()
        return out + err, code

    return scanned


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the names of the apps that rules are run on."""
    names: list[str] = []

    def noting(app: App, *arguments: object) -> found.Found:
        names.append(app.folder.name)
        return found.check_app(app, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(units, "check_app", noting)
        yield names


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is noted of scans that were carried out and not told again."""
    from chatkit_doctor.commands import scan as command

    done: list[str] = []
    carried_out = command.scan_and_print

    def noting(*arguments: object) -> object:
        done.append("scan")
        return carried_out(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(command, "scan_and_print", noting)
    return done
