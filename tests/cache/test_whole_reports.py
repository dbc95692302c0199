"""A scan through the cache says what a scan without it says, whatever happened in between, and to the cache."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.commands.cli import app
from chatkit_doctor.scanning import cache
from tests.cache.conftest import Scan
from tests.cache.edits import LOCKED, install, replace
from tests.projects import write_files

WITNESS = "from chatkit.stores import Store\n"
SERVER = "from chatkit.server import ChatKitServer\n\n\nclass Server(ChatKitServer[dict]):\n    pass\n"
PROJECT = {
    "one/pyproject.toml": '[project]\nname = "one"\ndependencies = ["openai-chatkit>=1.4,<2"]\n',
    "one/app/server.py": SERVER,
    "one/app/plain.py": "x = 1\n",
    "two/requirements.txt": "openai-chatkit==1.4.0\n",
    "two/main.py": WITNESS,
    "two/web/index.html": "<p>hi</p>\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    write_files(root, PROJECT)
    monkeypatch.chdir(root)
    return root


def test_an_unchanged_project_is_told_again(project: Path, scan: Scan, heavy: list[str]) -> None:
    first = scan()
    again = scan()

    assert first == again
    assert "CK101" in first[0]
    assert heavy == ["scan"]


@pytest.mark.parametrize("words", [["--format", "json"], ["-q"], ["--select", "CK1"], ["two"], ["--exit-zero"]])
def test_each_call_has_its_own_text(project: Path, scan: Scan, words: list[str]) -> None:
    plain = scan()

    for _ in range(2):
        assert scan(*words) == scan(*words, "--no-cache")
        assert scan() == plain


def test_without_a_cache_everything_is_read_and_nothing_kept(project: Path, scan: Scan, kept_in: Path) -> None:
    scan("--no-cache")
    scan("--no-cache", "--fix", "two")

    assert not kept_in.exists()


def _edits(root: Path, rng: random.Random) -> dict[str, list[Callable[[], object]]]:
    """Return what can happen to a project between two scans."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix in {".py", ".html", ".ts"})
    one = rng.choice(files)
    new = root / rng.choice(["one", "two", "three/deep", "one/app"]) / f"new_{rng.randrange(4)}.py"
    below, above = root / "two" / "chatkit-doctor.toml", root.parent / "chatkit-doctor.toml"
    locked, ignoring = root / "one" / "uv.lock", root / rng.choice([".", "two"]) / ".gitignore"

    def make(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return {
        "contents": [
            lambda: replace(one, one.read_text().replace("chatkit", "chatkat")),
            lambda: replace(one, one.read_text().replace("chatkat", "chatkit")),
            lambda: one.write_text(rng.choice([WITNESS, SERVER, "x = 2\n"])),
            lambda: os.utime(one),
        ],
        "files": [
            lambda: make(new, rng.choice([WITNESS, "y = 1\n", "from app.server import Server\n"])),
            lambda: one.unlink() if len(files) > 3 else None,
            lambda: one.rename(one.with_name(f"moved_{rng.randrange(3)}{one.suffix}")),
            lambda: shutil.copy2(one, root / "two" / f"copy_{rng.randrange(3)}.py"),
        ],
        "rules of what is ignored": [
            lambda: make(ignoring, rng.choice(["main.py\n", "*.html\n", "app/\n"])),
            lambda: ignoring.unlink(missing_ok=True),
        ],
        "settings": [
            lambda: make(below, rng.choice(['exclude = ["main.py"]\n', 'exclude = ["other"]\n'])),
            lambda: below.unlink(missing_ok=True),
            lambda: make(above, rng.choice(['severity = { CK101 = "info" }\n', 'ignore = ["CK101"]\n'])),
            lambda: above.unlink(missing_ok=True),
            lambda: (root / ".git").mkdir(exist_ok=True),
            lambda: shutil.rmtree(root / ".git", ignore_errors=True),
        ],
        "releases": [
            lambda: make(locked, f'{LOCKED}version = "1.{rng.randrange(5)}.0"\n'),
            lambda: locked.unlink(missing_ok=True),
            lambda: make(root / "two/requirements.txt", f"openai-chatkit=={rng.choice(['1.4.0', '1.0.0', '1.6.1'])}\n"),
            lambda: shutil.rmtree(root / "one" / ".venv", ignore_errors=True),
            lambda: install(root / "one", f"1.{rng.randrange(6)}.0"),
        ],
    }


@pytest.mark.parametrize("about", ["contents", "files", "rules of what is ignored", "settings", "releases", "all"])
def test_a_cached_scan_never_lies(about: str, project: Path, scan: Scan, heavy: list[str]) -> None:
    rng = random.Random(f"cache, {about}")
    told_again = 0
    for _ in range(40):
        for _ in range(rng.randrange(3)):
            edits = _edits(project, rng)
            rng.choice(edits[about] if about in edits else [each for some in edits.values() for each in some])()
        words = rng.choice([[], [], ["--format", "concise"], ["two"]])
        before = len(heavy)
        cached = scan(*words)
        told_again += len(heavy) == before
        assert cached == scan(*words, "--no-cache")
    assert told_again > 3


def test_what_is_installed_is_noticed(project: Path, scan: Scan, heavy: list[str]) -> None:
    for version in ("1.0.0", "1.4.0"):
        install(project / "one", version)
        assert f"openai-chatkit {version}" in scan("one", "--verbose")[0]
    assert scan("one", "--verbose") == scan("one", "--verbose", "--no-cache")
    assert len(heavy) == 3


def test_what_has_just_been_written_is_not_trusted(
    project: Path, scan: Scan, heavy: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "YOUNG", 3_600_000_000_000)

    assert scan() == scan()
    assert heavy == ["scan", "scan"]


@pytest.mark.parametrize("damage", ["truncated", "foreign", "flipped", "empty", "a folder"])
def test_a_damaged_cache_is_none(damage: str, project: Path, scan: Scan, kept_in: Path) -> None:
    first = scan()
    assert {kept.suffix for kept in kept_in.iterdir()} == {".scan", ".apps"}
    for kept in list(kept_in.iterdir()):
        data = kept.read_bytes()
        kept.unlink()
        if damage == "a folder":
            kept.mkdir()
        else:
            bad = {"truncated": data[: len(data) // 2], "foreign": b"\x80\x04K\x01.", "empty": b""}
            kept.write_bytes(bad.get(damage, data[:-1] + bytes([data[-1] ^ 1])))

    assert scan() == first
    assert scan() == first


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    project: Path, scan: Scan, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scan("--no-cache")
    # A file where the folder would be: neither made nor written, for root either.
    kept_in.parent.mkdir(parents=True)
    kept_in.write_text("")
    assert scan() == scan() == first
    kept_in.unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert scan() == scan() == first
    assert list(kept_in.iterdir()) == []


def test_so_many_scans_are_kept_and_no_more(
    project: Path, scan: Scan, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_MOST_ENTRIES", 3)

    for code in ("CK1", "CK2", "CK3", "CK4", "CK5"):
        scan("--select", code)

    assert len(list(kept_in.iterdir())) == 3


def test_the_cache_can_be_cleared(project: Path, scan: Scan, kept_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan()
    scan("-q")
    for number in ("2 scans", "0 scans"):
        with pytest.raises(SystemExit):
            app(["cache", "clear"])
        assert capsys.readouterr().out == f"Removed what {number} had kept in {kept_in}.\n"
    assert list(kept_in.iterdir()) == []
