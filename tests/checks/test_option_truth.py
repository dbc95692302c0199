"""The verdicts on options against those of the TypeScript compiler, for the types of every release."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from chatkit_doctor.budget import Budget
from chatkit_doctor.contracts import newest, releases
from chatkit_doctor.contracts.published import CHATKIT_JS
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.frontend.options.schema import Fault, problems
from chatkit_doctor.project.project import Project
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.tree import field
from tests.checks.option_objects import MUTATIONS, PRELUDE, Branch, right, written
from tests.projects import project_of

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")

_SEED = 20260
_OBJECTS = 2400
_OLDER_OBJECTS = 150
_ERROR = re.compile(r"^(?P<file>\S+?)\((?P<line>\d+),\d+\): error TS", re.MULTILINE)
_CONFIG = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "target": "ES2022",
        "module": "ESNext",
        "moduleResolution": "bundler",
        "lib": ["ES2022", "DOM"],
        "types": [],
        "skipLibCheck": True,
    },
    "include": ["*.ts"],
}

# Sets of options that the compiler takes and ChatKit refuses, each with the reason for the disagreement.
_ONLY_HERE = {
    "both kinds of api: an object may have keys of any member of a union": (
        "{ api: { url: '/c', domainKey: 'k', getClientSecret: async () => 's' } }"
    ),
    "a key of the other kind of api": "{ api: { getClientSecret: async () => 's', domainKey: 'k' } }",
    "a constant with one key too many: only literals in place are held to the known keys": (
        "{ api: API, history: EXTRA }"
    ),
    "a spread with one key too many": "{ api: API, ...{ mode: 'x' } }",
}
# Sets that the compiler refuses and ChatKit takes.
_ONLY_COMPILER = {
    "a literal that widens in a constant without `as const`": "{ api: API, theme: { color: { accent: WIDE } } }",
    "a text of which nothing is known": "{ api: API, theme: { radius: `${some}` } }",
    "a list that `as const` makes read-only": "{ api: API, startScreen: { prompts: FIXED } }",
}
_CONSTANTS = (
    "const API = { url: '/chatkit', domainKey: 'k' };\n"
    "const EXTRA = { enabled: true, mode: 'x' };\n"
    "const WIDE = { primary: '#111', level: 2 };\n"
    "const FIXED = [{ label: 'a', prompt: 'b' }] as const;\n"
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with generated options for every release, compiled against its types."""
    folder = tmp_path_factory.mktemp("options")
    wanted = [f"chatkit-{each}@npm:{CHATKIT_JS}@{each}" for each in releases(CHATKIT_JS)]
    (folder / "package.json").write_text('{ "private": true }')
    _run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "typescript@7", *wanted)
    (folder / "tsconfig.json").write_text(json.dumps(_CONFIG))
    for release in releases(CHATKIT_JS):
        count = _OBJECTS if release == newest(CHATKIT_JS) else _OLDER_OBJECTS
        (folder / _file(release)).write_text(_generated(release, count), encoding="utf-8")
    listed = [*_ONLY_HERE.values(), *_ONLY_COMPILER.values()]
    (folder / "listed.ts").write_text(_file_text(newest(CHATKIT_JS), listed), encoding="utf-8")
    run = subprocess.run(["node_modules/.bin/tsc", "-p", "."], cwd=folder, capture_output=True, text=True, check=False)
    (folder / "errors.txt").write_text(run.stdout)
    return folder


@pytest.mark.parametrize("release", releases(CHATKIT_JS))
def test_verdicts_are_those_of_the_compiler(release: str, compiled: Path) -> None:
    refused = _refused_by_compiler(compiled, _file(release))
    here = _refused_here(compiled, _file(release), release)
    lines = (compiled / _file(release)).read_text("utf-8").splitlines()

    disagreeing = {line for line in refused ^ set(here) if Fault.MIXED not in here.get(line, ())}

    assert [f"{'compiler' if line in refused else 'here'}: {lines[line - 1]}" for line in sorted(disagreeing)] == []
    assert refused
    assert len(refused) < len(lines) - 10


def test_every_kind_of_fault_is_among_the_generated_ones(compiled: Path) -> None:
    release = newest(CHATKIT_JS)
    here = _refused_here(compiled, _file(release), release)
    counted = Counter(fault for faults in here.values() for fault in faults)

    assert all(counted[fault] >= 5 for fault in Fault), counted


def test_disagreements_are_the_listed_ones(compiled: Path) -> None:
    count = len(_ONLY_HERE)
    first = len(_file_text(newest(CHATKIT_JS), []).splitlines()) + 1
    lines = range(first, first + count + len(_ONLY_COMPILER))

    assert _refused_by_compiler(compiled, "listed.ts") == set(lines[count:])
    assert set(_refused_here(compiled, "listed.ts", newest(CHATKIT_JS))) == set(lines[:count])


def _generated(release: str, count: int) -> str:
    rng = Random(f"{_SEED} {release}")
    texts: list[str] = []
    while len(texts) < count:
        tree = right(rng, options_schema(release))
        assert isinstance(tree, Branch)
        mutation = rng.choice([None, None, *MUTATIONS.values()])
        if mutation is None or mutation(rng, tree):
            texts.append(written(tree))
    return _file_text(release, texts)


def _file_text(release: str, texts: list[str]) -> str:
    head = f"import type {{ ChatKitOptions }} from 'chatkit-{release}';\n{PRELUDE}{_CONSTANTS}"
    return head + "".join(f"export const o{n}: ChatKitOptions = {text};\n" for n, text in enumerate(texts))


def _file(release: str) -> str:
    return f"r{release}.ts"


def _refused_by_compiler(folder: Path, name: str) -> set[int]:
    errors = _ERROR.finditer((folder / "errors.txt").read_text())
    return {int(each["line"]) for each in errors if each["file"] == name}


@cache
def _refused_here(folder: Path, name: str, release: str) -> dict[int, set[Fault]]:
    """Return the lines with options that are refused, each with the kinds of fault."""
    document = _project(folder).document(folder / name)
    assert document is not None
    evaluator = Evaluator(Resolver(_project(folder)), Budget())
    found: dict[int, set[Fault]] = {}
    for declarator in document.find("variable_declarator"):
        value = field(declarator, "value")
        if value is None or field(declarator, "type") is None:
            continue
        faults = {each.fault for each in problems(evaluator.evaluate(document, value), options_schema(release))}
        if faults:
            found[declarator.start_point.row + 1] = faults
    return found


def _project(folder: Path) -> Project:
    return project_of(folder, {})


def _run(folder: Path, *command: str) -> None:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
