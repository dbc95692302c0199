"""A scan through the cache says what a scan without it says, whatever happened in between, and to the cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatkit_doctor.commands.cli import app
from chatkit_doctor.scanning import cache
from tests.cache.conftest import Scan
from tests.cache.edits import install
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
