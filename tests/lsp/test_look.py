"""A look at a folder says what a scan says, and between two looks nothing is done that a keystroke does not change."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.lsp.look import FolderLook
from chatkit_doctor.lsp.texts.buffers import Buffer
from chatkit_doctor.lsp.texts.standing import EditorFinding, moved
from chatkit_doctor.lsp.wishes import Wishes
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.app import App
from chatkit_doctor.project.files import mention, reading, walk
from chatkit_doctor.project.manifests import folders
from chatkit_doctor.project.tree import Tree
from chatkit_doctor.python.module import Module
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.scanning.results.found import Found, check_app
from chatkit_doctor.source import Source
from tests.page_cases import cases
from tests.projects import write_files

CASES = [case for page in pages().values() for case in cases(page) if not case.targets]
REQUIREMENTS = "openai-chatkit==1.4.0\n"


def buffer(path: Path, text: str, version: int = 1, *, is_saved: bool = False) -> Buffer:
    return Buffer(path.as_uri(), version, Source(path, text), has_bom=False, is_saved=is_saved)


def told(look: FolderLook, *buffers: Buffer) -> list[tuple[str, str, int]]:
    findings = look.look({each.path: each for each in buffers}, lambda _: None)
    return [(path.name, each.finding.code, each.at.start) for path in sorted(findings) for each in findings[path]]


@pytest.fixture(autouse=True)
def nothing_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what other tests of this process have read and listed, which may be gone since: a look would ask of it."""
    monkeypatch.setattr(reading, "noted", None)


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    """Return a repository with two apps, both of which have an error."""
    write_files(tmp_path, {".git/HEAD": ""})
    for app in ("one", "two"):
        files = {
            "requirements.txt": REQUIREMENTS,
            "server.py": "from chatkit.models import Thread\n",
            "store.py": "from chatkit.store import Store\n\n\nclass Own(Store):\n    pass\n",
            "plain.py": "x = 1\n",
        }
        write_files(tmp_path / app, files)
    return tmp_path


def test_a_keystroke_walks_nothing_reads_nothing_and_parses_one_file(
    monorepo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = FolderLook(monorepo, Wishes())
    one, two = monorepo / "one" / "server.py", monorepo / "two" / "server.py"
    texts = {path: path.read_text() for path in (one, two)}
    opened = [buffer(path, text, is_saved=True) for path, text in texts.items()]
    first = told(look, *opened)
    assert first == [("server.py", "CK101", 5)] * 2
    done: list[str] = []

    def noting(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def noted(*arguments: object, **named: object) -> object:
            done.append(name)
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, noted)

    noting(walk.Walk, "_walk")
    noting(mention, "look")
    noting(Tree, "_read")
    noting(folders, "entries")
    parsed: list[Path] = []
    init = Module.__init__

    def parsing(module: Module, source: Source) -> None:
        parsed.append(source.path)
        init(module, source)

    monkeypatch.setattr(Module, "__init__", parsing)
    checked: list[Path] = []

    def checking(app: App, *rest: Any) -> Found:
        checked.append(app.folder)
        return check_app(app, *rest)

    monkeypatch.setattr("chatkit_doctor.scanning.results.units.check_app", checking)

    for number in range(3):
        again = told(look, buffer(one, f"{texts[one]}# {number}\n", number + 2), opened[1])
        assert again == first

    assert done == []
    assert parsed == [one] * 3
    assert checked == [one.parent] * 3


@pytest.mark.parametrize("seed", range(4))
def test_looks_say_what_scans_say(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    for number, case in enumerate(rng.sample(CASES, 3)):
        write_files(tmp_path / f"app_{number}", case.files)
    (tmp_path / ".git").mkdir()
    paths = [path for path in sorted(tmp_path.rglob("*")) if path.suffix in {".py", ".tsx", ".ts", ".html"}]
    look = FolderLook(tmp_path, Wishes())
    texts: dict[Path, str] = {}
    for step in range(6):
        path = rng.choice(paths)
        text = texts.get(path, path.read_text())
        match rng.randrange(5):
            case 0:
                texts.pop(path, None)
            case 1:
                path.write_text(text)
                look.note([path])
            case 2:
                lines = text.splitlines(keepends=True) or [""]
                del lines[rng.randrange(len(lines))]
                texts[path] = "".join(lines)
            case _:
                texts[path] = f"{text}\n// {step}\n" if path.suffix in {".ts", ".tsx"} else f"{text}\n"
        seen = told(look, *(buffer(each, its, step, is_saved=True) for each, its in texts.items()))

        expected = []
        kept = {each: each.read_text() for each in texts}
        for each, its in texts.items():
            each.write_text(its)
        scanned = run([tmp_path], Options(may_fork=False)).findings
        for each, its in kept.items():
            each.write_text(its)
        expected = [(each.at.path.name, each.code, each.at.start) for each in scanned if each.at.path in texts]
        assert sorted(seen) == sorted(expected), (step, path)


def test_what_is_found_moves_with_the_text() -> None:
    before = Source(Path("/a.py"), "one\ntwo\nthree\nfour\n")
    starts = {word: before.text.index(word) for word in before.text.split()}
    at = {word: before.location(start, start + len(word)) for word, start in starts.items()}
    after = Source(Path("/a.py"), "one\nsomething else\nthree\nfour\n")

    findings = {word: EditorFinding(Finding("CK101", place, word), place, Severity.ERROR) for word, place in at.items()}
    shown = {word: moved(finding, after) for word, finding in findings.items()}

    assert shown["two"] is None
    for word in ("one", "three", "four"):
        found_again = shown[word]
        assert found_again is not None
        assert found_again.at.text == word
        assert not found_again.is_mendable
