"""Whatever is done to a project of several apps at random, what is told of those not checked anew is true of them."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cache.apps import NODE, OPTIONS, PROJECT, SERVER, WRONG
from tests.cache.conftest import Scan
from tests.cache.edits import LOCKED, install, install_node, make, replace
from tests.projects import write_files


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    write_files(root, PROJECT)
    monkeypatch.chdir(root)
    return root


Edit = Callable[[], object]


def _edits(root: Path, rng: random.Random) -> dict[str, list[Edit]]:
    """Return what can happen to the project between two scans."""
    kinds = {".py", ".html", ".tsx", ".ts", ".js"}
    files = sorted(
        path for path in root.rglob("*") if path.suffix in kinds and path.is_file() and "node_modules" not in path.parts
    )
    one, other = rng.choice(files), rng.choice(files)
    folder = rng.choice(
        ["one/one", "two", "stores/stores", "shop-server", "shop-web/src", "widgets", "three/deep", "."]
    )
    new = root / folder / f"new_{rng.randrange(3)}{rng.choice(['.py', '.ts'])}"
    versions = ["1.0.0", "1.2.0", "1.4.0", "^1.1.0", "*"]
    apps = ["one", "two", "stores", "shop-server", "shop-web", "widgets"]
    app = root / rng.choice(apps)

    def remove(name: str) -> None:
        for each in (root / name, app / name):
            shutil.rmtree(each) if each.is_dir() else each.unlink(missing_ok=True)

    def package(name: str) -> Edit:
        more = rng.choice(["", ', "widgets": "*"', ', "shop-web": "*"', ', "react": "18"'])
        text = rng.choice([NODE.format(name=name, version=rng.choice(versions), more=more), "{", "{}"])
        return lambda: make(root / name / "package.json", text)

    return {
        "contents": [
            lambda: replace(one, one.read_text().replace("chatkit", "chatkat")),
            lambda: replace(one, one.read_text().replace("chatkat", "chatkit")),
            lambda: one.write_text(other.read_text()),
            lambda: one.write_text(
                rng.choice([WRONG, SERVER, OPTIONS, "x = 2\n", "def f(:\n", "return 1  # chatkit\n"])
            ),
            lambda: one.write_bytes(b"\xff\xfe\x00chatkit"),
            lambda: os.utime(one, (rng.randrange(9), rng.randrange(9))),
        ],
        "files": [
            lambda: make(new, rng.choice([WRONG, "from one.server import Server\n", "from stores.base import Half\n"])),
            lambda: one.unlink() if len(files) > 5 else None,
            lambda: one.rename(one.with_name(f"moved_{rng.randrange(3)}{one.suffix}")),
            lambda: shutil.copy2(one, root / "two" / f"copy_{rng.randrange(3)}{one.suffix}"),
            lambda: shutil.copytree(app, root / "three", dirs_exist_ok=True),
            lambda: shutil.rmtree(root / "three", ignore_errors=True),
            lambda: (one.parent / f"link_{rng.randrange(9999)}{other.suffix}").symlink_to(other),
        ],
        "manifests": [
            package("shop-web"),
            package("widgets"),
            package("two"),
            lambda: make(root / "package.json", rng.choice(["{}", '{"dependencies": {"widgets": "*"}}'])),
            lambda: (root / "package.json").unlink(missing_ok=True),
            lambda: make(
                app / "requirements.txt", rng.choice(["openai-chatkit==1.0.0\n", "-r ../all.txt\n", "stores\n"])
            ),
            lambda: make(root / "all.txt", rng.choice(["openai-chatkit==1.1.0\n", "openai-chatkit>=99\n"])),
            lambda: make(root / "tsconfig.base.json", rng.choice(["{", '{"compilerOptions": {"baseUrl": "widgets"}}'])),
            lambda: make(app / "pyproject.toml", rng.choice(["[", '[project]\nname = "x"\ndependencies = ["one"]\n'])),
        ],
        "releases": [
            lambda: make(app / "uv.lock", f'{LOCKED}version = "1.{rng.randrange(5)}.0"\n'),
            lambda: make(root / "uv.lock", rng.choice(["[", f'{LOCKED}version = "1.{rng.randrange(5)}.0"\n'])),
            lambda: remove("uv.lock"),
            lambda: install(rng.choice([root, app]), f"1.{rng.randrange(6)}.0"),
            lambda: remove(".venv"),
            lambda: install_node(rng.choice([root, app]), "@openai/chatkit-react", f"1.{rng.randrange(4)}.0"),
            lambda: (root / ".git").mkdir(exist_ok=True),
            lambda: shutil.rmtree(root / ".git", ignore_errors=True),
        ],
        "rules of what is looked at": [
            lambda: make(rng.choice([root, app]) / ".gitignore", rng.choice(["memory.py\n", "*.ts\n", "stores/\n"])),
            lambda: remove(".gitignore"),
            lambda: make(app / "chatkit-doctor.toml", rng.choice(['exclude = ["m*.py"]\n', 'ignore = ["CK1"]\n'])),
            lambda: make(root / "chatkit-doctor.toml", 'targets = ["openai-chatkit=1.1.0"]\n'),
            lambda: remove("chatkit-doctor.toml"),
            lambda: one.write_text(f"# chatkit-doctor: ignore-file[CK101]\n{one.read_text(errors='replace')}"),
        ],
    }


ABOUT = [
    "contents",
    "files",
    "manifests",
    "releases",
    "rules of what is looked at",
    "all",
    "all, again",
    "all, once more",
]


@pytest.mark.parametrize("about", ABOUT)
def test_what_is_known_of_apps_never_lies(about: str, project: Path, scan: Scan, checked: list[str]) -> None:
    rng = random.Random(f"apps, {about}")
    spared = 0
    for _ in range(25):
        for _ in range(1 + rng.randrange(2)):
            edits = _edits(project, rng)
            chosen = edits[about] if about in edits else [each for some in edits.values() for each in some]
            try:
                rng.choice(chosen)()
            except (FileExistsError, UnicodeDecodeError, shutil.Error):
                continue
        words = rng.choice([["--format", "json"], [], ["--format", "concise"], ["--verbose"]])
        checked.clear()
        cached = scan(*words)
        anew = len(checked)
        checked.clear()
        assert cached == scan(*words, "--no-cache")
        spared += len(checked) - anew
    assert spared > 10
