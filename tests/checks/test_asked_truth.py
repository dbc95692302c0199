"""What the rules on handlers, members and methods say of their pages' cases, against the TypeScript compiler."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chatkit_doctor.contracts import newest
from chatkit_doctor.contracts.published import CHATKIT_REACT
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.scanning.flow import Options, run
from tests.page_cases import Case, cases

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")

_CODES = ("CK418", "CK419", "CK421")
_ERROR = re.compile(r"^(?P<case>\w+)/\S+?\((?P<line>\d+),\d+\): error (?P<code>TS\d+)", re.MULTILINE)
# A parameter that could have a type of its own, and names that nothing uses, are no mistakes of the kind.
_OTHERS = {"TS7006", "TS7031"}
_CONFIG = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "jsx": "react-jsx",
        "target": "ES2022",
        "module": "ESNext",
        "moduleResolution": "bundler",
        "lib": ["ES2022", "DOM"],
        "skipLibCheck": True,
    },
    "include": ["*/*.tsx"],
}
_CASES = [
    case
    for code in _CODES
    for case in cases(page(code))
    if not case.targets and all(path.endswith(".tsx") for path in case.files) and "own" not in case.name
]


def _folder(case: Case, kind: str) -> str:
    return f"{case.page.code}_{case.name}_{kind}".replace("-", "_")


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[int]]:
    """Return the lines on which the compiler finds something in each case, as it stands and as the fixes leave it."""
    root = tmp_path_factory.mktemp("asked")
    (root / "package.json").write_text('{ "private": true }')
    (root / "tsconfig.json").write_text(json.dumps(_CONFIG))
    wanted = [f"{CHATKIT_REACT}@{newest(CHATKIT_REACT)}", "react@19", "@types/react@19", "typescript@5"]
    _run(root, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", *wanted)
    for case in _CASES:
        for kind, files in (("bad", case.files), ("fixed", {**case.files, **case.fixed})):
            folder = root / _folder(case, kind)
            folder.mkdir()
            for path, text in files.items():
                (folder / Path(path).name).write_text(text)
    done = subprocess.run(["node_modules/.bin/tsc", "-p", "."], cwd=root, capture_output=True, text=True, check=False)
    found: dict[str, set[int]] = {_folder(case, kind): set() for case in _CASES for kind in ("bad", "fixed")}
    for match in _ERROR.finditer(done.stdout):
        if match["code"] not in _OTHERS:
            found[match["case"]].add(int(match["line"]))
    return found


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, capture_output=True, check=True)


@pytest.mark.parametrize("case", [case for case in _CASES if case.is_bad], ids=str)
def test_the_compiler_finds_what_the_rule_finds(case: Case, errors: dict[str, set[int]]) -> None:
    found = errors[_folder(case, "bad")]

    assert {each.line for each in case.expected} <= found


@pytest.mark.parametrize("case", [case for case in _CASES if case.is_bad], ids=str)
def test_the_compiler_finds_nothing_new_in_what_the_fix_wrote(
    case: Case, errors: dict[str, set[int]], tmp_path: Path
) -> None:
    for path, text in {**case.files, **case.fixed}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    left = {finding.at.first.line for finding in run([tmp_path], Options(select=(case.page.code,))).findings}

    assert errors[_folder(case, "fixed")] <= left


@pytest.mark.parametrize("case", [case for case in _CASES if not case.is_bad], ids=str)
def test_the_compiler_finds_nothing_in_a_right_case(case: Case, errors: dict[str, set[int]]) -> None:
    assert errors[_folder(case, "bad")] - _only_the_compilers(case) == set()


def _only_the_compilers(case: Case) -> set[int]:
    """Return the lines of a right case that look first for a name that there is not, which the compiler refuses."""
    text = next(iter(case.files.values()))
    guarded = re.compile(r"\?\.\(|event\?\.|thread\?\.|\.\.\.rest|=> report\(null\)")
    return {number for number, line in enumerate(text.splitlines(), start=1) if guarded.search(line)}
