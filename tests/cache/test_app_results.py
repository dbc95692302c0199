"""A change in one app has that app checked anew and no other, and what is told of the others is true of them."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatkit_doctor.project.app import App, Surroundings
from chatkit_doctor.scanning import cache
from chatkit_doctor.scanning.results import found, units
from tests.cache.conftest import Scan
from tests.cache.edits import LOCKED, install, install_node, make, replace
from tests.projects import write_files

SERVER = (
    "from chatkit.server import ChatKitServer\nfrom .memory import Memory\n\n\n"
    "class Server(ChatKitServer[dict]):\n    pass\n\n\nserver = Server(Memory())\n"
)
MEMORY = "from chatkit.store import Store\n\n\nclass Memory(Store[dict]):\n    def load_thread(self, thread_id): ...\n"
WRONG = "from chatkit.stores import Store\nfrom chatkit.types import ThreadStreamEvnt\n"
CHAT = (
    "import {{ ChatKit, useChatKit }} from '{package}'\nimport {{ options }} from './options'\n\n"
    "export function Chat() {{\n  const {{ control }} = useChatKit(options)\n"
    "  return <ChatKit control={{control}} />\n}}\n"
)
OPTIONS = "export const options = { api: { url: '/chatkit' }, theme: { colorScheme: 'drak' }, composr: {} }\n"
NODE = '{{"name": "{name}", "dependencies": {{"@openai/chatkit-react": "{version}"{more}}}}}\n'
PROJECT = {
    "one/pyproject.toml": '[project]\nname = "one"\ndependencies = ["openai-chatkit>=1.4,<2", "stores"]\n',
    "one/one/__init__.py": "",
    "one/one/server.py": SERVER,
    "one/one/memory.py": MEMORY,
    "one/one/remote.py": "from stores.base import Half\n\n\nclass Mine(Half):\n    pass\n\n\nMine()\n",
    "two/requirements.txt": "openai-chatkit==1.4.0\n",
    "two/main.py": WRONG,
    "two/index.html": "<openai-chatkit></openai-chatkit>\n",
    "stores/pyproject.toml": '[project]\nname = "stores"\ndependencies = ["openai-chatkit"]\n',
    "stores/stores/base.py": "from chatkit.store import Store\n\n\nclass Half(Store[dict]):\n    pass\n",
    "shop-server/requirements.txt": "openai-chatkit\n",
    "shop-server/main.py": SERVER.replace(".memory", "memory"),
    "shop-server/memory.py": MEMORY,
    "shop-web/package.json": NODE.format(name="shop-web", version="1.2.0", more=', "widgets": "*"'),
    "shop-web/src/Chat.tsx": CHAT.format(package="@openai/chatkit-react"),
    "shop-web/src/options.ts": OPTIONS,
    "shop-web/tsconfig.json": '{"extends": "../tsconfig.base.json"}\n',
    "tsconfig.base.json": '{"compilerOptions": {"paths": {"@/*": ["./shop-web/src/*"]}}}\n',
    "widgets/package.json": '{"name": "widgets", "exports": "./index.js"}\n',
    "widgets/index.js": "export const name = 'openai-chatkit'\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    write_files(root, PROJECT)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the names of the apps that rules are run on."""
    names: list[str] = []

    def noting(app: App, *arguments: object) -> found.Found:
        names.append(app.folder.name)
        return found.check_app(app, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(units, "check_app", noting)
        yield names


ALL = ["one", "shop-server", "shop-web", "stores", "two", "widgets"]


def test_the_first_scan_checks_every_app(project: Path, scan: Scan, checked: list[str]) -> None:
    scan()

    assert sorted(checked) == ALL


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a file": (lambda root: (root / "two/main.py").write_text("from chatkit.storage import Store\n"), ["two"]),
    "a file that is imported": (
        lambda root: (root / "stores/stores/base.py").write_text("from chatkit.store import Store as Half\n"),
        ["one", "stores"],
    ),
    "a file of one half": (
        lambda root: (root / "shop-web/src/options.ts").write_text(""),
        ["shop-server", "shop-web", "widgets"],
    ),
    "a file that is new": (lambda root: make(root / "two/new.py", WRONG), ["two"]),
    "a file that is gone": (lambda root: (root / "one/one/memory.py").unlink(), ["one", "stores"]),
    "the release in a lock": (lambda root: make(root / "two/uv.lock", f'{LOCKED}version = "1.0.0"\n'), ["two"]),
    "what the manifest of a folder above asks for": (
        lambda root: make(root / "pyproject.toml", '[project]\nname = "all"\ndependencies = ["openai-chatkit"]\n'),
        ALL,
    ),
    "what is installed": (lambda root: install(root / "two", "1.1.0"), ["two"]),
    "an app that is new": (lambda root: write_files(root, {"new/setup.cfg": "", "new/a.py": WRONG}), ["new"]),
    "the times of a file alone": (lambda root: os.utime(root / "two/main.py", (1, 1)), []),
    "settings": (lambda root: make(root / "chatkit-doctor.toml", 'severity = { CK101 = "info" }\n'), []),
    "a file that nobody reads": (lambda root: make(root / "two/notes.txt", "chatkit\n"), []),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_change_has_nothing_to_do_with_is_not_checked_again(
    change: str, project: Path, scan: Scan, checked: list[str]
) -> None:
    scan()
    edit, wanted = CHANGES[change]
    edit(project)
    checked.clear()

    told = scan("--format", "json")

    assert sorted(checked) == wanted
    assert told == scan("--format", "json", "--no-cache")


@pytest.mark.parametrize("words", [["--select", "CK1"], ["--target", "openai-chatkit=1.0.0"], ["two"]])
def test_another_question_has_another_answer(words: list[str], project: Path, scan: Scan) -> None:
    scan()

    assert scan(*words) == scan(*words, "--no-cache")


def test_the_edits_of_a_fix_are_told_by_a_scan_that_shows_them(project: Path, scan: Scan, checked: list[str]) -> None:
    scan("--format", "concise")
    checked.clear()

    told = scan("--format", "json")

    assert checked == []
    assert '"edits": [' in told[0]
    assert told == scan("--format", "json", "--no-cache")


def test_a_file_that_a_rule_could_not_read_is_told_of_again(project: Path, scan: Scan, checked: list[str]) -> None:
    # It says nothing of ChatKit, so that nobody but a rule that follows the import comes upon it.
    (project / "one/one/memory.py").write_text("class Memory(:\n")
    assert "memory.py cannot be read" in scan()[0]
    make(project / "two/new.py", WRONG)
    checked.clear()

    told = scan()

    assert checked == ["two"]
    assert "memory.py cannot be read" in told[0]


def test_what_a_workspace_holds_beside_an_app_is_noticed(project: Path, scan: Scan) -> None:
    site = '{"name": "site", "dependencies": {"@openai/chatkit-react": "1.6.1"}}'
    write_files(project, {"package.json": '{"workspaces": ["site", "desk"]}', "site/package.json": site})
    write_files(project, {"site/main.ts": "// ChatKit\n", "desk/package.json": '{"name": "desk"}'})
    called = ("--select", "CK609", "--format", "json")

    told = [scan(*called)]
    make(project / "desk/chat.ts", "export { ChatKit } from '@openai/chatkit-react'\n")
    told.append(scan(*called))

    assert ["CK609" in text for text, _ in told] == [True, False]


def test_every_question_to_a_project_is_one_that_is_known_of_here() -> None:
    """What is asked by a new way has to be noted by the app that asks it, or told by the key of what it reaches."""
    noted = {"read", "module", "document", "mentions", "mentions_pattern", "target", "declared", "declared_around"}
    noted |= {"speaking_below"}
    reached = {"folders", "places", "apps_at", "apps_that_show", "packages", "modules_in", "documents_in", "files_in"}
    reached |= {"leading_to"}

    assert {name for name in vars(Surroundings) if not name.startswith("_")} == noted | reached


@pytest.mark.parametrize(("kind", "lines"), [("py", 1_200), ("ts", 700)])
def test_what_other_files_left_no_room_for_is_taken_in_where_they_do(
    kind: str, lines: int, project: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project / f"two/large.{kind}", "f(chatkit, a, b)\n" * lines)
    make(project / f"stores/large.{kind}", "f(chatkit, a, b)\n" * lines)
    with monkeypatch.context() as patched:
        patched.setattr("chatkit_doctor.python.density._MOST", 5_000)
        patched.setattr("chatkit_doctor.web.parsing._MOST_NODES", 5_000)
        cut, _ = scan()

    told = scan()

    assert f"large.{kind} cannot be read: it" in cut
    assert "cannot be read" not in told[0]
    assert told == scan("--no-cache")


@pytest.mark.parametrize(("kind", "lines"), [("py", 900), ("ts", 500)])
def test_what_is_told_again_takes_its_room(
    kind: str, lines: int, project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.python.density._MOST", 5_000)
    monkeypatch.setattr("chatkit_doctor.web.parsing._MOST_NODES", 5_000)
    make(project / f"stores/large.{kind}", "f(chatkit, a, b)\n" * lines)
    assert "cannot be read" not in scan()[0]
    make(project / f"two/large.{kind}", "f(chatkit, a, b)\n" * lines)
    checked.clear()

    told = scan()

    assert f"large.{kind} cannot be read: it" in told[0]
    assert told == scan("--no-cache")


def test_the_room_is_there_again_where_what_took_it_is_gone(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.python.density._MOST", 5_000)
    for lines in range(900, 904):
        make(project / "stores/large.py", "f(chatkit, a, b)\n" * lines)
        assert "cannot be read" not in scan()[0]
    checked.clear()

    make(project / "two/new.py", WRONG)
    scan()

    assert sorted(checked) == ["two"]


def test_what_the_clock_cut_short_is_checked_again(project: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(rule: object, app: App, so_far: found.Found, clock: object) -> list[object]:
        so_far.is_late = True
        return []

    with monkeypatch.context() as patched:
        patched.setattr(found, "_run_rule", late)
        cut, _ = scan()

    assert "CK101" not in cut
    assert "CK101" in scan()[0]


def test_what_a_rule_crashed_on_is_checked_again(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatkit_doctor.checks.names import unknown_chatkit_module as rule

    def crash(app: App) -> Iterator[object]:
        if app.folder.name == "two":
            raise ValueError("a bug")
        yield from ()

    with monkeypatch.context() as patched:
        patched.setattr(rule, "unknown_chatkit_module", crash)
        scan()
    checked.clear()

    told = scan()

    assert checked == ["two"]
    assert told == scan("--no-cache")


def test_what_changes_during_a_scan_is_not_kept(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "two/main.py"
    text = path.read_text()

    def meddling(app: App, *arguments: object) -> found.Found:
        if app.folder.name == "two":
            replace(path, text.replace("stores", "storage"))
            replace(path, text)
        return found.check_app(app, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(units, "check_app", meddling)
        scan()
    checked.clear()
    scan()

    assert checked == ["two"]


def test_an_app_with_a_young_file_is_not_kept(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "YOUNG", 3_600_000_000_000)
    scan()
    checked.clear()
    scan()

    assert sorted(checked) == ALL


Edit = Callable[[], object]


def _edits(root: Path, rng: random.Random) -> dict[str, list[Edit]]:
    """Return what can happen to the project between two scans."""
    kinds = {".py", ".html", ".tsx", ".ts", ".js"}
    files = sorted(
        path for path in root.rglob("*") if path.suffix in kinds and path.is_file() and "node_modules" not in path.parts
    )
    one, other = rng.choice(files), rng.choice(files)
    folder = rng.choice(
        ["one/one", "two", "stores/stores", "shop-server", "shop-web/src", "widgets", "three/deep", "."]
    )
    new = root / folder / f"new_{rng.randrange(3)}{rng.choice(['.py', '.ts'])}"
    versions = ["1.0.0", "1.2.0", "1.4.0", "^1.1.0", "*"]
    apps = ["one", "two", "stores", "shop-server", "shop-web", "widgets"]
    app = root / rng.choice(apps)

    def remove(name: str) -> None:
        for each in (root / name, app / name):
            shutil.rmtree(each) if each.is_dir() else each.unlink(missing_ok=True)

    def package(name: str) -> Edit:
        more = rng.choice(["", ', "widgets": "*"', ', "shop-web": "*"', ', "react": "18"'])
        text = rng.choice([NODE.format(name=name, version=rng.choice(versions), more=more), "{", "{}"])
        return lambda: make(root / name / "package.json", text)

    return {
        "contents": [
            lambda: replace(one, one.read_text().replace("chatkit", "chatkat")),
            lambda: replace(one, one.read_text().replace("chatkat", "chatkit")),
            lambda: one.write_text(other.read_text()),
            lambda: one.write_text(
                rng.choice([WRONG, SERVER, OPTIONS, "x = 2\n", "def f(:\n", "return 1  # chatkit\n"])
            ),
            lambda: one.write_bytes(b"\xff\xfe\x00chatkit"),
            lambda: os.utime(one, (rng.randrange(9), rng.randrange(9))),
        ],
        "files": [
            lambda: make(new, rng.choice([WRONG, "from one.server import Server\n", "from stores.base import Half\n"])),
            lambda: one.unlink() if len(files) > 5 else None,
            lambda: one.rename(one.with_name(f"moved_{rng.randrange(3)}{one.suffix}")),
            lambda: shutil.copy2(one, root / "two" / f"copy_{rng.randrange(3)}{one.suffix}"),
            lambda: shutil.copytree(app, root / "three", dirs_exist_ok=True),
            lambda: shutil.rmtree(root / "three", ignore_errors=True),
            lambda: (one.parent / f"link_{rng.randrange(9999)}{other.suffix}").symlink_to(other),
        ],
        "manifests": [
            package("shop-web"),
            package("widgets"),
            package("two"),
            lambda: make(root / "package.json", rng.choice(["{}", '{"dependencies": {"widgets": "*"}}'])),
            lambda: (root / "package.json").unlink(missing_ok=True),
            lambda: make(
                app / "requirements.txt", rng.choice(["openai-chatkit==1.0.0\n", "-r ../all.txt\n", "stores\n"])
            ),
            lambda: make(root / "all.txt", rng.choice(["openai-chatkit==1.1.0\n", "openai-chatkit>=99\n"])),
            lambda: make(root / "tsconfig.base.json", rng.choice(["{", '{"compilerOptions": {"baseUrl": "widgets"}}'])),
            lambda: make(app / "pyproject.toml", rng.choice(["[", '[project]\nname = "x"\ndependencies = ["one"]\n'])),
        ],
        "releases": [
            lambda: make(app / "uv.lock", f'{LOCKED}version = "1.{rng.randrange(5)}.0"\n'),
            lambda: make(root / "uv.lock", rng.choice(["[", f'{LOCKED}version = "1.{rng.randrange(5)}.0"\n'])),
            lambda: remove("uv.lock"),
            lambda: install(rng.choice([root, app]), f"1.{rng.randrange(6)}.0"),
            lambda: remove(".venv"),
            lambda: install_node(rng.choice([root, app]), "@openai/chatkit-react", f"1.{rng.randrange(4)}.0"),
            lambda: (root / ".git").mkdir(exist_ok=True),
            lambda: shutil.rmtree(root / ".git", ignore_errors=True),
        ],
        "rules of what is looked at": [
            lambda: make(rng.choice([root, app]) / ".gitignore", rng.choice(["memory.py\n", "*.ts\n", "stores/\n"])),
            lambda: remove(".gitignore"),
            lambda: make(app / "chatkit-doctor.toml", rng.choice(['exclude = ["m*.py"]\n', 'ignore = ["CK1"]\n'])),
            lambda: make(root / "chatkit-doctor.toml", 'targets = ["openai-chatkit=1.1.0"]\n'),
            lambda: remove("chatkit-doctor.toml"),
            lambda: one.write_text(f"# chatkit-doctor: ignore-file[CK101]\n{one.read_text(errors='replace')}"),
        ],
    }


ABOUT = [
    "contents",
    "files",
    "manifests",
    "releases",
    "rules of what is looked at",
    "all",
    "all, again",
    "all, once more",
]


@pytest.mark.parametrize("about", ABOUT)
def test_what_is_known_of_apps_never_lies(about: str, project: Path, scan: Scan, checked: list[str]) -> None:
    rng = random.Random(f"apps, {about}")
    spared = 0
    for _ in range(25):
        for _ in range(1 + rng.randrange(2)):
            edits = _edits(project, rng)
            chosen = edits[about] if about in edits else [each for some in edits.values() for each in some]
            try:
                rng.choice(chosen)()
            except (FileExistsError, UnicodeDecodeError, shutil.Error):
                continue
        words = rng.choice([["--format", "json"], [], ["--format", "concise"], ["--verbose"]])
        checked.clear()
        cached = scan(*words)
        anew = len(checked)
        checked.clear()
        assert cached == scan(*words, "--no-cache")
        spared += len(checked) - anew
    assert spared > 10
