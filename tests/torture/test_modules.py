"""Projects with modules of the names that the doctor imports: none of them runs, however the doctor is called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT, environment
from tests.torture.scale import amount, chance

_TRAP = "import os\nos.write(2, b'the project ran: ' + __name__.encode() + b'\\n')\nos._exit(99)\n"
# Calls that between them load nearly all that the doctor can.
CALLS = [
    ["scan", "--fix", "--unsafe-fixes", "--color", "always"],
    ["scan", "--format", "sarif", "--output", "junit:x.xml"],
    ["explain", "CK101", "--color", "always"],
    ["verify", "http://127.0.0.1:9"],
    ["config", "schema"],
    ["--help"],
]
LOADED = """
import sys
from chatkit_doctor.__main__ import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def names(code: str, call: list[str], cwd: Path) -> set[str]:
    """Return the top names of the modules that Python has loaded at the end of some code."""
    command = [sys.executable, "-P", "-c", code, *call]
    done = subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False)
    return {each.partition(".")[0] for each in done.stderr.split() if each.isidentifier() or "." in each}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("traps")
    shutil.copytree(ROOT / "fixtures" / "broken" / "backend", root / "backend", ignore=shutil.ignore_patterns(".venv"))
    loaded = {name for call in CALLS for name in names(LOADED, call, root)}
    assert {"json", "re", "typing", "rich", "libcst", "httpx", "typer"} <= loaded
    # Loaded for a page alone that is not as plain as ours are.
    loaded.add("yaml")
    shutil.rmtree(root / "backend")
    shutil.copytree(ROOT / "fixtures" / "broken" / "backend", root / "backend", ignore=shutil.ignore_patterns(".venv"))
    # What `python -m` itself has loaded from the path before the first line of anybody's module.
    (root / "plain.py").write_text("import sys; print(*sys.modules, file=sys.stderr)\n")
    command = [sys.executable, "-m", "plain"]
    done = subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True, check=False)
    pythons = {each.partition(".")[0] for each in done.stderr.split()}
    for name in loaded - pythons - {"chatkit_doctor", "__main__"}:
        (root / f"{name}.py").write_text(_TRAP)
    return root


def run(project: Path, command: list[str], **env: str) -> None:
    given = environment() | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [env.get("PYTHONPATH")])])}
    done = subprocess.run(command, cwd=project, env=given, capture_output=True, text=True, check=False)
    assert "the project ran" not in done.stderr
    assert done.returncode in {0, 1, 2}
    assert "Traceback" not in done.stderr


FEW = chance("modules").sample(CALLS[1:], amount(1, len(CALLS) - 1))


@pytest.mark.parametrize("call", [CALLS[0], *FEW], ids=" ".join)
@pytest.mark.parametrize("path", ["", ".", "/nowhere"])
def test_python_m_imports_nothing_of_the_project(project: Path, call: list[str], path: str) -> None:
    run(project, [sys.executable, "-m", "chatkit_doctor", *call], PYTHONPATH=path)


@pytest.mark.parametrize("call", [CALLS[0], *FEW], ids=" ".join)
def test_nor_does_the_command_that_pip_installs(project: Path, call: list[str]) -> None:
    script = Path(sys.executable).parent / "chatkit-doctor"
    if not script.exists():
        pytest.skip("the doctor is not installed here")
    run(project, [str(script), *call])


def test_the_traps_are_traps(project: Path) -> None:
    code = "import yaml"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (99, "the project ran: yaml\n")
