"""A project with other texts answers as one that is read anew, whatever it has taken over from before."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files.listing import Listing, discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.scanning.checking import check_project, needles_of
from chatkit_doctor.scanning.flow import Options, run
from tests.page_cases import cases
from tests.projects import NEEDLES, write_files

CASES = [case for page in pages().values() for case in cases(page) if not case.targets]
IMPORTS = (
    "import chatkit\n",
    "from app import server\n",
    "import agents\n",
    "from .server import *\n",
    "import store\n",
)


def told(findings: list[Finding]) -> list[tuple[object, ...]]:
    return [(each.code, str(each.at.path), each.at.start, each.at.end, each.message, each.help) for each in findings]


def opened(listing: Listing, texts: dict[Path, str], asked: frozenset[Path] | None) -> Project:
    return Project(listing, needles_of(pages()), texts).about(asked)


def edited(rng: random.Random, text: str) -> str:
    """Return a text with one thing done to it that people do while they write."""
    lines = text.splitlines(keepends=True) or ["\n"]
    at = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, rng.choice(IMPORTS))
        case 2:
            lines[at] = lines[at].rstrip("\n")[: rng.randrange(20)]
        case 3:
            lines = [line.replace("chatkit", "chatkid") for line in lines]
        case 4:
            lines.append("# a remark\n")
        case _:
            lines[at] = f"{lines[at].rstrip()} \n"
    return "".join(lines)


def steps(rng: random.Random, listing: Listing, root: Path) -> Iterator[dict[Path, str | None]]:
    """Yield what changes from one look at a project to the next."""
    paths = [path for path in listing.files if path.stat().st_size]
    for _ in range(8):
        path = rng.choice(paths)
        texts: dict[Path, str | None] = {path: edited(rng, path.read_text())}
        if rng.random() < 0.2:
            texts = {path: None}
        if rng.random() < 0.1:
            texts[root / "added.py"] = "from chatkit.stores import Store\n"
        yield texts


@pytest.mark.parametrize("seed", range(6))
def test_texts_stand_in_as_if_they_were_on_disk(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    for number, case in enumerate(rng.sample(CASES, 3)):
        write_files(tmp_path / f"app_{number}", case.files)
    listing = discover(tmp_path)
    is_scoped = seed % 2 == 1
    asked = frozenset(rng.sample(listing.files, 2)) if is_scoped else None
    project = opened(listing, {}, asked)
    texts: dict[Path, str] = {}

    for changes in steps(rng, listing, tmp_path):
        project = project.with_texts(changes)
        texts = {path: text for path, text in {**texts, **changes}.items() if text is not None}
        fresh = opened(discover(tmp_path), texts, asked)

        assert project.python_paths == fresh.python_paths, changes
        assert project.web_paths == fresh.web_paths, changes
        assert told(check_project(project, pages(), lambda _: None).findings) == told(
            check_project(fresh, pages(), lambda _: None).findings
        ), changes


def test_a_text_that_is_taken_away_leaves_what_is_on_disk(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "x = 1\n"})
    path, new = tmp_path / "a.py", tmp_path / "new.py"
    project = Project(discover(tmp_path), NEEDLES).with_texts({path: "y = 2\n", new: "z = 3\n"})

    back = project.with_texts({path: None, new: None})

    source = back.read(path)
    assert source is not None
    assert source.text == "x = 1\n"
    assert not back.exists(new)


def test_while_code_is_written_no_manifest_is_asked_again(tmp_path: Path) -> None:
    files = {"requirements.txt": "openai-chatkit==1.4.0\n", "package.json": "{}", "a.py": "import chatkit\n"}
    write_files(tmp_path, files)
    project = Project(discover(tmp_path), NEEDLES)
    path = tmp_path / "a.py"
    before = (project.target(path, "openai-chatkit"), project.folders, project.packages)

    typed = project.with_texts({path: "import chatkit\nx = 1\n"})
    pinned = typed.with_texts({tmp_path / "requirements.txt": "openai-chatkit==1.3.0\n"})

    after = (typed.target(path, "openai-chatkit"), typed.folders, typed.packages)
    assert [one is other for one, other in zip(before, after, strict=True)] == [True] * 3
    target = pinned.target(path, "openai-chatkit")
    assert target is not None
    assert target.version == "1.3.0"


def test_what_stands_in_for_a_file_is_what_a_scan_of_standard_input_finds(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "x = 1\n", "requirements.txt": "openai-chatkit==1.4.0\n"})
    path = tmp_path / "a.py"
    text = "from chatkit.models import Thread\n"

    found = run([], Options(stdin_path=path, stdin_data=text.encode())).findings
    project = Project(discover(tmp_path), NEEDLES).with_texts({path: text})

    assert told(found) == told(check_project(project, pages(), lambda _: None).findings)
    assert found
