"""No rule could have fired on a file that the bytes test left out: with every file read, nothing more is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project import tree
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.python.module import Module
from chatkit_doctor.scanning import flow as scan_module
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.source import Source
from tests.commands import ROOT
from tests.page_cases import Case, cases
from tests.projects import project_of, write_exactly, write_files

# An empty needle is in every file.
EVERYTHING = Needles(python=(b"",), web=(b"",))


def findings(result: ScanResult) -> list[tuple[str, str, int, int, str]]:
    """Return what was found. Files that matter to no rule may be as broken as they like, read or not."""
    assert [each.traceback for each in result.internal_errors] == []
    return [
        (each.code, str(each.at.path), each.at.start, each.at.end, each.message)
        for each in result.findings
        if each.code != "CK903"
    ]


def assert_nothing_missed(root: Path, targets: tuple[str, ...] = ()) -> None:
    options = Options(targets=targets)
    found = findings(run([root], options))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_module, "needles_of", lambda _: EVERYTHING)
        assert findings(run([root], options)) == found


def test_nothing_is_missed_in_the_broken_app() -> None:
    assert_nothing_missed(ROOT / "fixtures" / "broken")


@pytest.mark.parametrize("case", [case for page in pages().values() for case in cases(page)], ids=str)
def test_nothing_is_missed_in_the_cases_of_the_pages(case: Case, tmp_path: Path) -> None:
    write_exactly(tmp_path, case.files)

    assert_nothing_missed(tmp_path, case.targets)


# Pieces of projects that say "chatkit" in some files and mean it in others.
PYTHON = {
    "bad_import": "from chatkit.stores import Store\nfrom chatkit.models import ThreadMetadata\n",
    "store": "from chatkit.store import Store as Base\n\nclass Half(Base[dict]):\n"
    "    async def load_thread(self, i, c): ...\n",
    "reexport": "from . import (\n    store,\n)\nfrom .store import (  # (both)\n    Half,\n)\n"
    "from .store import Base as Renamed\n",
    "memory": "from .reexport import Half\n\nclass Memory(Half):\n    pass\n\nstore = Memory()\n",
    "second": "from . import reexport\n\nclass Second(reexport.Renamed[dict]):\n    pass\n\nSecond()\n",
    "stars": "from .store import *\n\nclass Third(Half):\n    pass\n\nThird()\n",
    "make_model": "from agents.extensions.models.litellm_model import LitellmModel\n\n"
    "def make():\n    return LitellmModel(model='gemini/x')\n",
    "agent": "from agents import Agent\nfrom .make_model import make\n\nbot = Agent(name='b', model=make())\n",
    "run": "from agents import Runner\nfrom chatkit.agents import stream_agent_response as stream\n"
    "from .agent import bot\n\nasync def answer(ctx, message):\n    async for e in stream(ctx, "
    "Runner.run_streamed(bot, message)):\n        yield e\n",
    "server": "from chatkit.server import ChatKitServer\nfrom chatkit.agents import simple_to_agent_input\n"
    "from .run import answer\n\nclass Server(ChatKitServer[dict]):\n"
    "    async def respond(self, thread, input, context):\n"
    "        async for e in answer(context, await simple_to_agent_input(input)):\n            yield e\n",
    "other": "import json\n\nclass Memory(dict):\n    pass\n",
    "broken": "def f(:\n",
}
WEB = {
    "prompts.ts": "export const prompts = [{ name: 'a', prompt: 'b', icon: '👋' }]\n",
    "api.ts": "export const api = { url: '/x' }\nexport const keep = (id) => localStorage.setItem('t', id)\n",
    "Chat.tsx": "import { ChatKit, useChatKit } from '@openai/chatkit-react'\nimport { prompts } from './prompts'\n"
    "import { api, keep } from './api'\nexport function Chat() {\n  const { control } = useChatKit({ api, "
    "initialThread: localStorage.getItem('t'), onThreadChange: ({ threadId }) => { keep(threadId) }, "
    "startScreen: { prompts } })\n  return <ChatKit control={control} />\n}\n",
    "Page.tsx": "import { Chat } from './Chat'\nexport const Page = () => <Chat />\n",
    "index.html": "<!doctype html>\n<html><head></head><body>"
    '<script type="module" src="/Page.tsx"></script></body></html>\n',
    "load.ts": "const s = document.createElement('script')\ns.src = 'https://cdn.platform.openai.com/deployments/chatkit/"
    "chatkit.js'\ndocument.head.append(s)\n",
    "Other.vue": "<template><p>hi</p></template>\n<script setup>\nconst prompts = [{ name: 'a' }]\n</script>\n",
}
FILES = {f"api/{name}.py": text for name, text in PYTHON.items()} | {f"web/{name}": text for name, text in WEB.items()}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(sorted(FILES)), min_size=1), st.booleans())
def test_nothing_is_missed_in_any_part_of_a_project(tmp_path: Path, names: set[str], package: bool) -> None:
    for folder in ("api", "web"):
        shutil.rmtree(tmp_path / folder, ignore_errors=True)
    write_files(tmp_path, {name: FILES[name] for name in names} | ({"api/__init__.py": ""} if package else {}))

    assert_nothing_missed(tmp_path)


def test_the_whole_of_these_pieces_has_findings_for_most_rules(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)

    codes = {code for code, *_ in findings(run([tmp_path], Options()))}

    assert {"CK101", "CK201", "CK301", "CK302", "CK401", "CK404", "CK405", "CK410"} <= codes


# What matters, and how little


def test_what_imports_a_file_that_matters_does_too_at_any_distance(tmp_path: Path) -> None:
    project = project_of(
        tmp_path,
        {
            "a.py": "import chatkit\n",
            "b.py": "from a import x\n",
            "pkg/__init__.py": "from b import y\n",
            "pkg/c.py": "from . import y\n",
            "d.py": "import pkg.c as e\n",
            "lazy.py": "def f():\n    import d\n",
            "star.py": "from d import *\n",
            "pkg/star.py": "from .c import *\n",
            "pkg/dots.py": "from . import *\n",
            "no_star.py": "from json import *\n",
            "alone.py": "import json\nanimal = 'import a'\n",
            "similar.py": "import aa, pkgs\n",
            "lines.py": "from pkg import (  # (not yet)\n    y,\n)\nfrom \\\n    b import y\n",
            "pkg/lines.py": "from . import (\n    # c)\n    c,\n)\n",
            "sub/__init__.py": "",
            "sub/deep.py": "from .. import (\r\n    a,\r\n)\r\n",
        },
    )

    relevant = {path.relative_to(tmp_path).as_posix() for path in project.python_paths}

    assert relevant == {
        *("a.py", "b.py", "pkg/__init__.py", "pkg/c.py", "d.py", "lazy.py", "lines.py", "pkg/lines.py", "sub/deep.py"),
        *("star.py", "pkg/star.py", "pkg/dots.py"),
    }


def test_files_that_do_not_matter_are_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def noting(source: Source) -> Module:
        parsed.append(source.path.name)
        return Module(source)

    monkeypatch.setattr(tree, "Module", noting)
    project = project_of(tmp_path, {"a.py": "import chatkit\n", "b.py": "import a\n", "c.py": "x = 1\n", "d.py": "(\n"})

    list(project.python_paths)

    assert parsed == ["a.py", "b.py"]
    assert project.problems == {}


def test_an_importer_that_cannot_be_parsed_is_no_problem_of_chatkits(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"a.py": "import chatkit\n", "b.py": "import a\n(\n", "c.py": "chatkit = (\n"})

    assert [path.name for path in project.python_paths] == ["a.py"]
    assert [path.name for path in project.problems] == ["c.py"]
