"""Whatever is done to a project at random, a scan through the cache says what a scan without it says."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cache.conftest import Scan
from tests.cache.edits import LOCKED, install, replace
from tests.cache.test_whole_reports import PROJECT, SERVER, WITNESS
from tests.projects import write_files


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    write_files(root, PROJECT)
    monkeypatch.chdir(root)
    return root


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
