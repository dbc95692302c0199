"""What `scripts/benchmark.py` measures: each row a tree, the doctor's commands on it, and its peers' beside them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import benchmark_trees as trees

_ROOT = Path(__file__).parent.parent
_REFERENCE = _ROOT / "fixtures" / "reference"
_SEMGREP_RULE = """rules:
  - id: server
    languages: [python]
    severity: WARNING
    message: a ChatKit server
    pattern: "class $NAME(ChatKitServer[...]): ..."
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line with an absolute program, and where it is run.

    fresh: a folder that is removed before each run. stdin: a file that it reads. at_most: how often it is run.
    is_peer: whether it is somebody else's, and may fail.
    """

    name: str
    words: list[str]
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    fresh: Path | None = None
    stdin: Path | None = None
    at_most: int = 100
    is_peer: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what is measured. prepare: writes the tree, where it is not there yet. missing: absent peers."""

    name: str
    about: str
    target: str
    commands: list[Command]
    prepare: Callable[[], object]
    missing: list[str]


def rows(folder: Path, path: str) -> Iterator[Row]:
    """Yield every row. folder: where the trees are written. path: where peers are looked for, as PATH has it."""
    peers = _Peers(folder, path)
    for name, about, target, tree, build, chosen in _rows(folder, peers):
        missing: list[str] = []
        commands: list[Command] = []
        for each in chosen:
            if isinstance(each, Command):
                commands.append(each)
            else:
                missing.append(each)
        yield Row(name, about, target, commands, partial(_prepare, tree, build), missing)


Spec = tuple[str, str, str, Path, Callable[[Path], object], list["Command | str"]]


def _rows(folder: Path, peers: _Peers) -> Iterator[Spec]:  # a line for each row of the table
    small, none = folder / "small", folder / "unrelated"
    yield (
        "start-up",
        "The version, and a folder of ten files that say nothing of ChatKit.",
        "1.3 times bare Python as a module, 1.8 times by the script of pip; 2.5 times for the folder",
        none,
        trees.unrelated,
        [
            peers.bare(none),
            peers.doctor("--version", none, "--version"),
            peers.script("--version, by pip's script", none, "--version"),
            peers.doctor("scan", none, "scan"),
        ],
    )
    yield (
        "small app",
        "One app of ten Python and five web files, every rule.",
        "72 ms, start-up included, where bare Python takes 15",
        small,
        lambda tree: trees.small_app(tree, 10, 5),
        [
            peers.bare(small),
            peers.doctor("scan --no-cache", small, "scan", "--no-cache"),
            peers.doctor("scan, second run", small, "scan"),
            peers.ruff(small),
            peers.ast_grep(small),
            peers.fixit(small),
            peers.semgrep(small),
        ],
    )
    for name, files, apps, target in (
        (
            "10,000 files, 3 apps",
            10_000,
            3,
            "ruff's time and 3 times ripgrep's cold, half of ruff's from the second run on",
        ),
        (
            "10,000 files, 50 apps",
            10_000,
            50,
            "2 times ruff cold, 0.6 times from the second run on; 350 ms for a file",
        ),
        ("10,000 files, 200 apps", 10_000, 200, "4.4 times what 50 apps take"),
        ("100,000 files, 3 apps", 100_000, 3, "1.2 times ruff, 150 MiB; 11 times what 10,000 files take"),
    ):
        tree = folder / f"{files}-{apps}"
        large: list[Command | str] = [
            peers.ruff(tree),
            peers.ripgrep(tree),
            peers.ast_grep(tree),
            peers.doctor("scan --no-cache", tree, "scan", "--quiet", "--no-cache"),
            peers.doctor("scan, first run", tree, "scan", "--quiet", fresh=True),
            peers.doctor("scan, second run", tree, "scan", "--quiet"),
        ]
        if apps == 50:
            server = "apps/assistant_007/backend/app/server.py"
            plain = _plain_file(tree)
            large += [
                peers.doctor("a file named", tree, "scan", "--no-cache", server),
                peers.doctor(
                    "a file by stdin", tree, "scan", "--no-cache", "--stdin-filename", server, "-", stdin=server
                ),
                peers.doctor("a file without ChatKit", tree, "scan", "--no-cache", plain),
            ]
        yield name, f"{name}, seeded.", target, tree, partial(_repository, files=files, apps=apps), large
    for name, about, target, build in (
        ("a long file", "One file of 11,000 lines that uses ChatKit throughout.", "1 s", trees.long_file),
        ("a file-rich app", "One app of 1,800 files, 950 of them Python.", "3 s", trees.file_rich_app),
    ):
        tree = folder / name.replace(" ", "-")
        commands: list[Command | str] = [peers.ruff(tree), peers.doctor("scan --no-cache", tree, "scan", "--no-cache")]
        yield name, about, target, tree, build, commands
    reference = folder / "reference"
    yield (
        "reference app",
        "fixtures/reference, beside the type checkers of both its languages.",
        "30 times faster than pyright and tsc together",
        reference,
        _reference,
        [
            peers.doctor("scan --no-cache", reference, "scan", "--no-cache"),
            peers.pyright(reference),
            peers.tsc(reference),
        ],
    )


def _plain_file(tree: Path) -> str:
    """Return the first Python file of the first service, as a path in the tree."""
    _prepare(tree, partial(_repository, files=10_000, apps=50))
    found = min((tree / "services").glob("*_0000/backend/service/*/module_1.py"))
    return found.relative_to(tree).as_posix()


def _prepare(tree: Path, build: Callable[[Path], object]) -> None:
    """Write a tree that is not there yet; one that is left half-written is not taken for it."""
    if not tree.exists():
        unfinished = tree.with_name(f"{tree.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        build(unfinished)
        unfinished.rename(tree)


def _repository(tree: Path, *, files: int, apps: int) -> None:
    trees.repository(tree, files, apps)


def _reference(tree: Path) -> None:
    """Copy the reference app, with what its frontend is built of, without which a type checker has nothing to do."""
    shutil.copytree(_REFERENCE, tree)
    if npm := shutil.which("npm"):
        subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund"], cwd=tree / "frontend", check=True)


class _Peers:
    """The commands, each with its program found; the name of the program where it is not installed."""

    def __init__(self, folder: Path, path: str) -> None:
        self._folder = folder
        self._path = path

    def bare(self, tree: Path) -> Command:
        return Command("bare Python", [sys.executable, "-c", "pass"], tree)

    def doctor(self, name: str, tree: Path, *words: str, fresh: bool = False, stdin: str = "") -> Command:
        cache = self._folder / "cache" / tree.name
        environment = {"PYTHONPATH": str(_ROOT), "XDG_CACHE_HOME": str(cache)}
        return Command(
            f"doctor {name}",
            [sys.executable, "-m", "chatkit_doctor", *words],
            tree,
            environment,
            cache if fresh else None,
            tree / stdin if stdin else None,
        )

    def script(self, name: str, tree: Path, *words: str) -> Command | str:
        return self._found(f"doctor {name}", "chatkit-doctor", tree, words)

    def ruff(self, tree: Path) -> Command | str:
        return self._found("ruff", "ruff", tree, ["check", "--no-cache", "--isolated", "--quiet", "--select", "F", "."])

    def ripgrep(self, tree: Path) -> Command | str:
        return self._found("ripgrep", "rg", tree, ["-il", "chatkit", "."])

    def ast_grep(self, tree: Path) -> Command | str:
        words = ["run", "--lang", "python", "--pattern", "class $A(ChatKitServer[$B]): $$$", "."]
        return self._found("ast-grep, one pattern", "ast-grep", tree, words)

    def fixit(self, tree: Path) -> Command | str:
        return self._found("fixit, its own rules", "fixit", tree, ["lint", "."], at_most=2)

    def semgrep(self, tree: Path) -> Command | str:
        rule = self._folder / "rule.yaml"
        rule.parent.mkdir(parents=True, exist_ok=True)
        rule.write_text(_SEMGREP_RULE)
        words = ["scan", "--metrics", "off", "--disable-version-check", "--quiet", "--config", str(rule), "."]
        return self._found("semgrep, one rule", "semgrep", tree, words, at_most=2)

    def pyright(self, tree: Path) -> Command | str:
        words = ["--pythonpath", sys.executable, "backend"]
        return self._found("pyright", "pyright", tree, words, at_most=3)

    def tsc(self, tree: Path) -> Command | str:
        return self._found("tsc", "tsc", tree / "frontend", ["--noEmit", "--project", "."], at_most=3)

    def _found(self, name: str, program: str, cwd: Path, words: Sequence[str], at_most: int = 100) -> Command | str:
        found = shutil.which(program, path=self._path)
        if found is None:
            return program
        environment = {"PATH": self._path}
        return Command(name, [found, *words], cwd, environment, at_most=at_most, is_peer=program != "chatkit-doctor")
