"""What a call may load: a linter that starts slowly is not run. Each list is exact, so that a change of it is seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import environment
from tests.projects import write_files

# Prints the names of the loaded modules; what the interpreter itself loads at start is left out.
LOADED = """
import sys
before = set(sys.modules)
from chatkit_doctor.__main__ import main
try:
    main()
except SystemExit as end:
    code = end.code
names = sorted(set(sys.modules) - before)
print(code, *names, file=sys.stderr)
"""

TYPER = {"typer", "annotated_doc", "shellingham"}
TREE_SITTER = {"tree_sitter"}
# Of the standard library what costs most to import.
HEAVY_STANDARD = {
    "asyncio",
    "concurrent",
    "http",
    "importlib.metadata",
    "importlib.resources",
    "logging",
    "multiprocessing",
    "ssl",
    "unittest",
}

PYTHON = "from chatkit.server import ChatKitServer\nfrom chatkit.types import ThreadStreamEvent\n"
PAGE = (
    '<html><head><script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"></script></head></html>\n'
)
TSX = """
import { ChatKit, useChatKit } from '@openai/chatkit-react'

const KEY = 'thread'

export function Chat() {
  const { control } = useChatKit({
    api: { url: '/chatkit', domainKey: 'local-dev' },
    initialThread: localStorage.getItem(KEY),
    onThreadChange: ({ threadId }) => {
      if (threadId) localStorage.setItem(KEY, threadId)
      else localStorage.removeItem(KEY)
    },
  })
  return <ChatKit control={control} />
}
"""
ANNOTATED = "from chatkit.server import Event\n\nevents: list[Event] = []\n"
UNRELATED = {"app.py": "import json\n", "main.ts": "export const x = 1\n", "index.html": "<p>hi</p>\n"}


def loaded(cwd: Path, *arguments: str, code: int = 0) -> set[str]:
    """Return the modules that a call in a folder loads; it must end with the exit code."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    ended, *names = done.stderr.splitlines()[-1].split()
    assert ended == str(code), done.stdout
    return set(names)


def third_party(names: set[str]) -> set[str]:
    """Return the top-level packages among modules that are neither ours nor the standard library's."""
    tops = {name.partition(".")[0] for name in names}
    # Compiled packages bring their runtime along under names of its own, and some of the grammars note theirs.
    tops = {top for top in tops if "cython" not in top and not top.startswith("tree_sitter_")}
    return tops - sys.stdlib_module_names - {"chatkit_doctor"}


CASES: list[tuple[list[str], dict[str, str], int, set[str]]] = [
    (["--version"], {}, 0, set()),
    (["--help"], {}, 0, TYPER),
    (["scan", "--help"], {}, 0, TYPER),
    (["scan"], {}, 3, set()),
    (["scan"], UNRELATED, 0, set()),
    (["scan"], UNRELATED | {"api.py": PYTHON}, 0, set()),
    (["scan"], {"Chat.tsx": TSX, "index.html": PAGE}, 0, TREE_SITTER),
    (["scan", "--format", "json"], UNRELATED, 0, set()),
    (["scan", "--fix"], UNRELATED | {"api.py": PYTHON}, 0, set()),
    (["scan", "--nonsense"], {}, 2, TYPER),
    (["rules"], {}, 0, TYPER),
    (["explain", "CK101"], {}, 0, TYPER),
]


# All that a folder without ChatKit needs: nothing that takes a millisecond to import.
FRONT = {
    "__future__",
    "chatkit_doctor",
    "chatkit_doctor.__main__",
    *(f"chatkit_doctor.commands{name}" for name in ("", ".call", ".exits", ".front")),
    *(f"chatkit_doctor.project{name}" for name in ("", ".files", ".files.kinds", ".files.mention", ".files.reading")),
    *(f"chatkit_doctor.project.files.{name}" for name in ("inside", "upward", "walk")),
    *("chatkit_doctor.reports", "chatkit_doctor.reports.counts", "gc"),
    # Newer Pythons begin with it loaded.
    *(("errno",) if sys.version_info < (3, 14) else ()),
}


def test_a_folder_without_chatkit_is_done_with_at_the_front_door(tmp_path: Path) -> None:
    write_files(tmp_path, UNRELATED)

    assert loaded(tmp_path, "scan") == FRONT
    assert loaded(tmp_path, "--version") == {"chatkit_doctor", "chatkit_doctor.__main__"}


@pytest.mark.parametrize(
    ("arguments", "files", "code", "wanted"), CASES, ids=[" ".join([*case[0], *case[1]]) for case in CASES]
)
def test_a_call_loads_what_it_needs_and_nothing_else(
    tmp_path: Path, arguments: list[str], files: dict[str, str], code: int, wanted: set[str]
) -> None:
    write_files(tmp_path, files)

    names = loaded(tmp_path, *arguments, code=code)

    assert third_party(names) == wanted
    assert names & HEAVY_STANDARD == set()


def test_findings_in_one_line_each_need_no_writer(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": ANNOTATED})

    names = third_party(loaded(tmp_path, "scan", "--format", "concise", code=1))

    assert names & {"libcst", "pydantic", "rich", *TREE_SITTER} == set()
    assert "libcst" in third_party(loaded(tmp_path, "scan", "--fix"))


def test_a_named_file_that_has_nothing_to_do_with_chatkit_loads_no_project(tmp_path: Path) -> None:
    write_files(tmp_path, {"one/requirements.txt": "fastapi\n", "one/app.py": "import json\n"})
    write_files(tmp_path, {"two/requirements.txt": "openai-chatkit\n", "two/api.py": PYTHON})

    names = loaded(tmp_path, "scan", "one/app.py")

    heavy = ("checks", "contracts", "python", "scanning", "project.project", "pages", "finding")
    assert [name for name in names if name.startswith(tuple(f"chatkit_doctor.{each}" for each in heavy))] == []


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["rules"]])
def test_nothing_of_a_scan_is_loaded_for_what_is_none(tmp_path: Path, arguments: list[str]) -> None:
    names = loaded(tmp_path, *arguments)

    assert {
        name for name in names if name.startswith(("chatkit_doctor.checks", "chatkit_doctor.project.project"))
    } == set()
