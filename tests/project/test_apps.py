from __future__ import annotations

from pathlib import Path

from chatkit_doctor.project.apps import AppFolders
from chatkit_doctor.project.files.listing import Listing
from chatkit_doctor.project.manifests.model import Ecosystem

ROOT = Path("/tree")


def apps(*files: str) -> AppFolders:
    return AppFolders(ROOT, Listing(ROOT, [ROOT / each for each in files]).folders.items())


def test_the_nearest_folder_with_manifests_is_the_app() -> None:
    found = apps(
        "package.json", "backend/pyproject.toml", "backend/package.json", "backend/app/main.py", "web/package.json"
    )
    backend = found.of(ROOT / "backend/app/main.py")
    assert (backend.folder, backend.ecosystems) == (ROOT / "backend", frozenset(Ecosystem))
    assert found.of(ROOT / "web/src/App.tsx").folder == ROOT / "web"
    assert found.of(ROOT / "scripts/x.py").folder == ROOT
    assert [each.folder.name for each in found] == ["tree", "backend", "web"]


def test_without_manifests_the_root_is_the_app() -> None:
    found = apps("main.py", "specs/requirements.md")
    assert (found.of(ROOT / "main.py").folder, found.of(ROOT / "main.py").ecosystems) == (ROOT, frozenset())
    assert list(found) == []


def test_a_requirements_folder_speaks_for_the_folder_above() -> None:
    assert [each.folder for each in apps("api/requirements/requirements-dev.txt")] == [ROOT / "api"]


def test_names_of_requirements_files() -> None:
    names = ["requirements.txt", "requirements-dev.txt", "dev-requirements.in", "requirements.md", "myrequirements.txt"]
    found = apps(*(f"{index}/{name}" for index, name in enumerate(names)))
    assert [each.folder.name for each in found] == ["0", "1", "2"]


def test_without_manifests_folders_with_sources_are_apps() -> None:
    files = ["one/server.py", "one/static/chat.js", "two/src/main.ts", "three/api/app/main.py", "three/site/index.html"]
    found = apps(*files)

    folders = {name: found.of(ROOT / name).folder.relative_to(ROOT).as_posix() for name in files}
    assert folders == {
        "one/server.py": "one",
        "one/static/chat.js": "one",
        "two/src/main.ts": "two",
        "three/api/app/main.py": "three/api/app",
        "three/site/index.html": "three/site",
    }


def test_a_root_with_sources_or_manifests_is_one_app() -> None:
    assert list(apps("main.py", "web/index.html")) == []
    assert [each.folder for each in apps("package.json", "one/a.py", "two/b.py")] == [ROOT]
    assert list(apps("static/chat.js", "templates/index.html")) == []
