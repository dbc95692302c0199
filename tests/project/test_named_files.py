"""Of a file that is named, only what has to do with it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.project.files import mention
from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_files


def test_what_has_nothing_to_do_with_a_named_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"requirements.txt": "openai-chatkit==1.4.0\n", "server.py": "from chatkit.stores import Store\n"}
    write_files(tmp_path, {".git/HEAD": "", "package.json": "{}"})
    for app in ("one", "two", "three"):
        write_files(tmp_path / app, files)
    looked_at: list[str] = []
    look = mention.look

    def noting(folders: list[tuple[str, list[str]]], top: str, *, keeps_all: bool = False) -> object:
        # Manifests are read of all apps, since they say what each may import.
        if not keeps_all:
            looked_at.extend(Path(folder).name for folder, _ in folders)
        return look(folders, top, keeps_all=keeps_all)

    monkeypatch.setattr("chatkit_doctor.project.files.listing.look", noting)

    result = run([tmp_path / "two" / "server.py"], Options())

    assert [finding.code for finding in result.findings] == ["CK101"]
    assert {*looked_at} <= {"two", tmp_path.name}
