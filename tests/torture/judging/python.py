"""What Python's compiler, ruff and an import on the real SDK have against Python files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.forked import programs
from tests.torture.judging import Complaints

# Names that nothing defines or that are defined twice, awaits where nothing can be awaited, and their like.
_WRONG = "F6,F7,F811,F821,F822,F823,F402,F404,PLE"
_BLAMED = ("NameError", "UnboundLocalError")
# Of thousands of files, some of which wait for what does not come.
_MOST_SECONDS = 7_200.0


def compiled(root: Path, names: Iterable[str]) -> Complaints:
    """Return what the compiler says of files below a folder."""
    return Complaints((name, words) for name in names for words in _refused(root / name))


def _refused(path: Path) -> Iterator[str]:
    try:
        # As Python reads a file: its encoding is the file's own business.
        compile(path.read_bytes(), path.name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        yield f"compile(): {getattr(error, 'msg', error)}"


def linted(root: Path) -> Complaints:
    """Return what ruff says of the Python files below a folder."""
    call = ["check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json", "--select", _WRONG]
    unlike_these = ["--config", "lint.preview = false", "--no-respect-gitignore", "."]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *call, *unlike_these], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # What is said of a name once is no worse for being said again of another use of it.
    said = {(Path(each["filename"]), f"ruff: {_without_lines(each['message'])}") for each in found if _counts(each)}
    return Complaints((path.relative_to(root.resolve()).as_posix(), words) for path, words in said)


def _counts(said: dict[str, Any]) -> bool:
    """Return whether what is said is a fault: a parameter may hide an import, and an import may be repeated."""
    if said["code"] != "F811":
        return True
    line = Path(said["filename"]).read_text("utf-8").splitlines()[said["location"]["row"] - 1]
    return (
        line.lstrip().startswith(("def ", "async def ", "class ")) and "(" not in line[: said["location"]["column"] - 1]
    )


def _without_lines(message: str) -> str:
    return message.partition(" from line ")[0]


def imported(root: Path, names: Iterable[str], depth: int = 0) -> dict[str, list[str]]:
    """Return what came of an import of each file, from each folder that it can be imported from.

    depth: how many folders of a path name a project: there may be several in the root.
    """
    asked = list(names)
    projects = [root.joinpath(*name.split("/")[:depth]) for name in asked]
    script = Path(__file__).with_name("importing.py")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        json.dump([[str(of), str(root / name)] for of, name in zip(projects, asked, strict=True)], file)
        file.flush()
        done = programs.run([str(script), file.name], root, plain, seconds=_MOST_SECONDS)
    assert done.returncode == 0, done.stderr
    return dict(zip(asked, json.loads(done.stdout), strict=True))


def imports_worse(before: Mapping[str, list[str]], after: Mapping[str, list[str]], known: Complaints) -> list[str]:
    """Return which files could be imported and cannot any more, or fail now for a name.

    known: what ruff said before. A name that was undefined may only be come upon now.
    """
    return [
        f"{name}: import: {now}, was {was}"
        for name in after
        for was, now in zip(before[name], after[name], strict=True)
        if now not in {"ok", was} and (was == "ok" or (now.startswith(_BLAMED) and not _is_known(name, now, known)))
    ]


def _is_known(name: str, outcome: str, known: Complaints) -> bool:
    """Return whether a name was undefined before, in the file or one that it imports."""
    words = [f"ruff: Undefined name `{quoted}`" for quoted in outcome.split("'")[1:2]]
    return any(said in words and path.split("/")[0] == name.split("/", maxsplit=1)[0] for path, said in known)
