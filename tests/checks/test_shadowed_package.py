"""CK605 against Python itself: each case of its page is run, and Python stops where the finding is, if it stops."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_doctor.checks.dependencies.shadowed_package import shadowed_package
from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.pages.templates import filled
from tests.page_cases import Case, cases
from tests.projects import judge, project_of, write_exactly

CASES = cases(page("CK605"))
# What nothing is said of fails as well in these: for what the case has no file, or since nobody can tell from where
# it is started.
TOLD_BY_NOTHING = {"started-above", "another-way", "changed-path", "star"}
STARTED_AS = {"nested": "app.main", "through-a-package": "src.main"}


def run(case: Case, root: Path) -> str:
    """Return what Python says of a case's program, started from the folder that it is in or from above its package."""
    main = next(
        path for path in ("main.py", "server.py", "backend/main.py", "app/main.py", "src/main.py") if path in case.files
    )
    started = STARTED_AS.get(case.name)
    folder = root if started else (root / main).parent
    command = [sys.executable, *(["-m", started] if started else [Path(main).name])]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stderr.replace(f"{root}{os.sep}", "")


@pytest.mark.parametrize("case", [each for each in CASES if each.is_bad], ids=str)
def test_python_stops_where_the_finding_is_and_says_what_it_is_seen_as(case: Case, tmp_path: Path) -> None:
    write_exactly(tmp_path, case.files)
    [finding] = judge(shadowed_package, project_of(tmp_path, {}))

    said = run(case, tmp_path)

    own = [
        line
        for line in re.findall(r'File "([^"/][^"]*|[^"]*)", line (\d+)', said)
        if not line[0].startswith(("/", "<"))
    ]
    path = finding.at.path.relative_to(tmp_path).as_posix()
    assert own[-1] == (path, str(finding.at.first.line))
    assert finding.seen_as is not None
    words = filled(page("CK605").seen_as[finding.seen_as.line], finding.seen_as.names)
    assert said.rstrip().splitlines()[-1].startswith(words)


@pytest.mark.parametrize(
    "case", [each for each in CASES if not each.is_bad and each.name not in TOLD_BY_NOTHING], ids=str
)
def test_python_runs_what_nothing_is_said_of(case: Case, tmp_path: Path) -> None:
    write_exactly(tmp_path, case.files)

    assert run(case, tmp_path) == ""


def find(root: Path, files: dict[str, str]) -> list[Finding]:
    return judge(shadowed_package, project_of(root, files))


CHECKED = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from agents import Agent\nimport chatkit.types\n"
SCRIPT = "from agents import Agent\nfrom chatkit.types import Page\nfrom settings import DEBUG\n"
OWN = {"settings.py": "DEBUG = 1\n", "agents/__init__.py": ""}


def test_one_finding_for_each_own_package_with_the_name_of_its_folder(tmp_path: Path) -> None:
    files = {"a.py": SCRIPT, "b.py": SCRIPT, **OWN, "chatkit.py": ""}

    found = find(tmp_path, files)

    assert [(each.at.path.name, each.at.text, each.message) for each in found] == [
        ("a.py", "agents", "agents/ hides the installed 'agents', and lacks 'Agent'"),
        ("a.py", "chatkit.types", "chatkit.py hides the installed 'chatkit', and lacks the module 'chatkit.types'"),
    ]


def test_an_import_that_only_type_checkers_read_does_not_hide_a_later_one(tmp_path: Path) -> None:
    found = find(tmp_path, {"a.py": f"{CHECKED}{SCRIPT}", **OWN})

    assert [each.at.first.line for each in found] == [5]


def test_a_guard_without_another_import_is_no_way_out(tmp_path: Path) -> None:
    guarded = (
        "import chatkit.types, settings\ntry:\n    from agents import Agent\nexcept ImportError:\n    Agent = None\n"
    )

    found = find(tmp_path, {"a.py": guarded, **OWN})

    assert [(each.at.first.line, each.seen_as) for each in found] == [(3, None)]


@pytest.mark.parametrize(
    "files",
    [
        {"tests/agents/__init__.py": "", "tests/test_a.py": SCRIPT, "tests/settings.py": "DEBUG = 1\n"},
        {"a.py": SCRIPT.replace("from chatkit.types import Page\n", ""), **OWN},
        {
            "a.py": f"{CHECKED}import settings\n",
            **OWN,
        },
        {"a.py": SCRIPT.replace("Agent\n", "Unheard\n"), **OWN},
        {"a.py": SCRIPT, **OWN, "agents/__init__.py": "Agent = object\n"},
        {"a.py": SCRIPT, **OWN, "agents/__init__.py": "def __getattr__(name): ...\n"},
        {
            "a.py": SCRIPT,
            **OWN,
            "agents/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        },
    ],
    ids=[
        "tests",
        "no ChatKit",
        "for type checkers",
        "a name of nobody's",
        "its own name",
        "made when asked",
        "a path of its own",
    ],
)
def test_nothing_is_said(files: dict[str, str], tmp_path: Path) -> None:
    assert not find(tmp_path, files)
