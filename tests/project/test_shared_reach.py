"""Apps that reach each other's files: each judges what may be wrong in its own, and nothing is missed by that."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from chatkit_doctor.backend.rehearsal.stage import Stage
from chatkit_doctor.frontend.options import sites
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.app import App
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from tests.page_cases import Case, cases
from tests.project.test_side_by_side import Told, told
from tests.projects import write_files

PYTHON = {
    str(case): case
    for page in pages().values()
    for case in cases(page)
    if not case.targets and any(name.endswith(".py") for name in case.files)
}
SAMPLE = random.Random(9).sample(sorted(PYTHON), 30)
STORE = """
    from chatkit.store import Store

    class Kept(Store):
        def __init__(self):
            self.rows = []

        async def load_threads(self, limit, after, order, context):
            return self.rows
"""


def plugins(case: Case) -> dict[str, str]:
    """Return a case as an app, one that inherits from all of its classes, and one that imports the latter."""
    files = {f"inner/{name}": text for name, text in case.files.items()}
    classes: list[str] = []
    for name, text in case.files.items():
        stem = name.removesuffix(".py")
        if not name.endswith(".py") or not all(part.isidentifier() for part in stem.split("/")):
            continue
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        dotted = ".".join(("inner", *stem.split("/")))
        own = (node.name for node in tree.body if isinstance(node, ast.ClassDef))
        classes += [f"from {dotted} import {each}\nclass Outer{each}({each}):\n    pass\n" for each in own]
    return files | {
        "inner/pyproject.toml": '[project]\nname = "inner"\n',
        "pyproject.toml": '[project]\nname = "outer"\n',
        "outer.py": "import chatkit\n" + "".join(classes),
        "plugin/pyproject.toml": '[project]\nname = "plugin"\n',
        "plugin/plugin.py": "import outer\n",
    }


def scanned() -> dict[str, list[Told]]:
    return told(run([Path()], Options(may_fork=False)).findings)


@pytest.mark.parametrize("name", SAMPLE)
def test_what_others_tell_is_not_missed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(Path(), plugins(PYTHON[name]))

    own = scanned()
    monkeypatch.setattr(App, "own_modules", App.modules)
    monkeypatch.setattr(App, "leads_home", lambda *_: True)

    assert own == scanned()


def test_a_store_is_rehearsed_by_its_own_app_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(Path(), {"store.py": STORE, "pyproject.toml": '[project]\nname = "kept"\n'})
    stages: list[Path] = []
    before = Stage.__init__

    def noted(stage: Stage, app: App, *arguments: object) -> None:
        stages.append(app.folder)
        before(stage, app, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Stage, "__init__", noted)
    alone = scanned()
    rehearsed = len(stages)
    for number in range(3):
        manifest = f'[project]\nname = "plugin_{number}"\n'
        files = {"pyproject.toml": manifest, f"plugin_{number}.py": "from store import Kept\n\nkept = Kept()\n"}
        write_files(Path(f"plugin_{number}"), files)
    stages.clear()

    assert scanned()["store.py"] == alone["store.py"]
    assert len(stages) == rehearsed > 0
    assert set(stages) == {Path.cwd()}


def test_options_are_read_for_the_app_that_has_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = """
        import { useChatKit } from '@openai/chatkit-react'
        export const Chat = () => useChatKit({ api: { url: '/chatkit', domainKey: 'x' }, hedaer: {} })
    """
    manifest = '{"dependencies": {"@openai/chatkit-react": "1.4.0", "react": "19.0.0"}}'
    server = "from chatkit.server import ChatKitServer\n\nserver = ChatKitServer()\n"
    write_files(Path(), {"frontend/package.json": manifest, "frontend/Chat.tsx": page})
    write_files(Path(), {"backend/requirements.txt": "openai-chatkit\n", "backend/main.py": server})
    asked: list[Path] = []
    before = sites.options_sites

    def noted(evaluator: Evaluator, documents: Iterable[Document], app: App) -> Iterator[sites.OptionsSite]:
        asked.append(app.folder)
        return before(evaluator, documents, app)

    monkeypatch.setattr(sites, "options_sites", noted)
    found = scanned()

    assert asked == [Path.cwd() / "frontend"]
    assert any(each[0] == "CK406" for each in found["frontend"])
    monkeypatch.setattr(App, "has_web_files", True)
    assert scanned() == found
    assert Path.cwd() / "backend" in asked
