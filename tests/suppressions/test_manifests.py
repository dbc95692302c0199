"""Ignore comments in manifests, where `#` opens a comment; JSON has none."""

from __future__ import annotations

import pytest

from tests.suppressions.making import Folder

HIDDEN = {
    "pyproject.toml": 'x = "ck101"  # chatkit-doctor: ignore[CK101] why\n',
    "a/pyproject.toml": '# chatkit-doctor: ignore[CK101]\nx = "ck101"\n',
    "b/pyproject.toml": "# chatkit-doctor: ignore-file[CK101]\n\n[project]\nx = 'ck101'\n",
    "Pipfile": 'x = "ck101"  # chatkit-doctor: ignore[CK101]\n',
    "requirements.txt": "ck101==1  # chatkit-doctor: ignore[CK101]\n",
    "requirements-dev.in": "-r a.txt\n# chatkit-doctor: ignore[CK101]\nck101\n",
    "setup.cfg": "[options]\n# chatkit-doctor: ignore[CK101]\nx = ck101\n",
    "docker-compose.yml": "---\n# chatkit-doctor: ignore-file[CK101]\na: ck101\n",
    ".env": "# chatkit-doctor: ignore[CK101]\nA=ck101\n",
    "Dockerfile": "# chatkit-doctor: ignore[CK101]\nRUN ck101\n",
}
VISIBLE = {
    "pyproject.toml": 'x = "ck101 # chatkit-doctor: ignore[CK101]"\n',
    "a/pyproject.toml": 'x = """\nck101 # chatkit-doctor: ignore[CK101]\n"""\n',
    "b/pyproject.toml": "x = 'ck101 # chatkit-doctor: ignore[CK101]'\n",
    "requirements.txt": "ck101#chatkit-doctor: ignore[CK101]\n",
    ".env": "A=ck101  # chatkit-doctor: ignore[CK101]\n",
    "package.json": '{"a": "ck101 # chatkit-doctor: ignore[CK101]"}\n',
    "tsconfig.json": "{\n// chatkit-doctor: ignore[CK101]\n'ck101': 1}\n",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_hides_what_it_is_about(folder: Folder, name: str) -> None:
    told = folder.tell(HIDDEN[name], name)

    assert told.hidden
    assert not told.visible


@pytest.mark.parametrize("name", VISIBLE)
def test_hides_nothing_else(folder: Folder, name: str) -> None:
    told = folder.tell(VISIBLE[name], name)

    assert told.hidden == []
    assert "CK101" in dict(told.visible)


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.txt", "setup.cfg", "Pipfile"])
def test_unused_ones_are_found_in_what_declares_a_python_project(folder: Folder, name: str) -> None:
    assert folder.fixed("# chatkit-doctor: ignore[CK101]\n", name) == ""
