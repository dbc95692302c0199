"""action.yml: its shell steps, run with bash as a runner does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.action_runner import ACTION, Runner
from tests.commands import COMMAND, ROOT
from tests.projects import write_files
from tests.reports.sarif_schema import violations

CHAT = """\
import type { ChatKitOptions } from '@openai/chatkit'

export const options: ChatKitOptions = {
  api: { url: '/chatkit' },
  startScreen: { prompts: [{ name: 'Hi', prompt: 'Hello' }] },
}
"""
FIXED = CHAT.replace("'/chatkit' ", "'/chatkit', domainKey: 'local-dev' ").replace("name:", "label:")
BAD = "from chatkit.stores import Store\n"


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """Return a runner with a project that has two errors, and this checkout's command where it would be installed."""
    write_files(
        tmp_path, {"work/web/chat.ts": CHAT, "bin/chatkit-doctor": f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n'}
    )
    command = tmp_path / "bin/chatkit-doctor"
    command.chmod(0o755)
    return Runner(tmp_path / "work", tmp_path / "temp", {"install": {"command": str(command)}})


def test_findings_are_annotated_summed_up_and_fail_the_step(runner: Runner) -> None:
    runner.summary.write_text("before\n")

    done = runner.step("scan")

    assert done.code == 1
    assert done.outputs["exit-code"] == "1"
    assert "::error file=web/chat.ts,line=4," in done.log
    summary = runner.summary.read_text()
    assert summary.startswith("before\n## chatkit-doctor\n\n2 errors in 1 file.")
    log = json.loads(Path(done.outputs["sarif"]).read_text())
    assert violations(log) == []
    assert len(log["runs"][0]["results"]) == 2
    assert (done.outputs["changed"], done.outputs["diff"]) == ("false", "")


def test_a_clean_project_passes(runner: Runner) -> None:
    (runner.workspace / "web/chat.ts").write_text(FIXED)

    done = runner.step("scan")

    assert (done.code, done.outputs["exit-code"]) == (0, "0")
    assert done.log == "Nothing found in 1 file.\n"
    assert "Nothing found in 1 file." in runner.summary.read_text()


def test_nothing_to_scan_fails_the_step(runner: Runner) -> None:
    (runner.workspace / "web/chat.ts").unlink()

    assert runner.step("scan").code == 3


def test_paths_stand_one_a_line_and_args_are_words(runner: Runner) -> None:
    write_files(runner.workspace, {"a b/one.py": BAD, "-two.py": BAD, "three.py": BAD})

    done = runner.step("scan", paths="a b\n-two.py\n", args="--select CK1\n  --ignore\tCK102", format="concise")

    assert [line.split(":")[0] for line in done.log.splitlines()[:-1]] == ["-two.py", "a b/one.py"]


def test_inputs_are_never_run(runner: Runner) -> None:
    evil = "$(touch evil)`touch evil`;touch evil"

    for name in ("paths", "args", "format", "fix"):
        assert runner.step("scan", **{name: evil}).code == 2
    assert not (runner.workspace / "evil").exists()


def test_a_call_that_fails_fails_the_step_with_its_reason(runner: Runner) -> None:
    done = runner.step("scan", args="--select CK999")

    assert done.code == 2
    assert "error: no rule has the code, prefix or name 'CK999'" in done.log
    assert done.outputs == {"exit-code": "2", "sarif": "", "changed": "false", "diff": ""}


def test_fix_mends_the_files_and_puts_out_the_diff(runner: Runner) -> None:
    file = runner.workspace / "web/chat.ts"

    done = runner.step("scan", fix="true")

    assert done.code == 0
    assert file.read_text() == FIXED
    assert done.outputs["changed"] == "true"
    summary = runner.summary.read_text()
    assert "### Fixed" in summary
    assert "~~~~~~~~~~diff\n--- web/chat.ts\n+++ web/chat.ts\n" in summary
    file.write_text(CHAT)
    subprocess.run(["patch", "-p0", "-i", done.outputs["diff"]], cwd=runner.workspace, check=True, capture_output=True)
    assert file.read_text() == FIXED


def test_fix_can_fail_the_step(runner: Runner) -> None:
    done = runner.step("scan", fix="true", args="--exit-non-zero-on-fix")

    assert (done.code, done.outputs["changed"]) == (1, "true")
    assert (runner.workspace / "web/chat.ts").read_text() == FIXED


def test_fix_without_anything_to_fix_changes_nothing(runner: Runner) -> None:
    (runner.workspace / "web/chat.ts").write_text(FIXED)

    done = runner.step("scan", fix="true")

    assert (done.code, done.outputs["changed"]) == (0, "false")
    assert "### Diff" not in runner.summary.read_text()


def test_a_wrong_fix_is_told(runner: Runner) -> None:
    done = runner.step("scan", fix="yes")

    assert (done.code, done.log) == (2, "::error::the input fix is true or false, not yes\n")


# Stands for chatkit-doctor: a diff of 20,000 lines, and no reports.
LONG_DIFF = """\
#!/bin/sh
case "$*" in
  *--diff*) yes "+ a line of thirty characters" | head -n 20000 ;;
esac
"""


def test_a_long_diff_is_cut_in_the_summary_alone(runner: Runner) -> None:
    Path(runner.outputs["install"]["command"]).write_text(LONG_DIFF)

    done = runner.step("scan", fix="true")

    assert done.code == 0
    assert Path(done.outputs["diff"]).stat().st_size == 600_000
    assert 400_000 < runner.summary.stat().st_size < 500_000
    assert runner.summary.read_text().endswith(
        "~~~~~~~~~~\n\nThe rest of the diff is left out: it would be too long.\n"
    )


# Stands for Python: `-I -m venv` makes an environment whose own Python writes down how it is called.
PYTHON = """\
#!/bin/sh
[ "$1 $2 $3" = "-I -m venv" ] || exit 9
mkdir -p "$4/{bin}"
printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" >"$0.called"\\n' >"$4/{bin}/python"
chmod +x "$4/{bin}/python"
"""


@pytest.mark.parametrize("bin_", ["bin", "Scripts"])
@pytest.mark.parametrize(("version", "installed"), [("", str(ROOT)), ("1.2.3", "chatkit-doctor==1.2.3")])
def test_what_is_installed_is_the_action_itself_or_a_release(
    runner: Runner, bin_: str, version: str, installed: str
) -> None:
    python = runner.temp / "python 3"
    python.write_text(PYTHON.format(bin=bin_))
    python.chmod(0o755)
    runner.outputs["python"] = {"python-path": str(python)}

    done = runner.step("install", version=version)

    folder = runner.temp / "chatkit-doctor" / bin_
    assert done.code == 0, done.log
    assert done.outputs == {"command": str(folder / "chatkit-doctor")}
    called = (folder / "python.called").read_text().splitlines()
    assert called[:4] == ["-I", "-m", "pip", "install"]
    assert [word for word in called[4:] if not word.startswith("--")] == [installed]


def test_expressions_stand_in_env_alone_where_no_shell_reads_them() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_every_input_is_read_and_every_output_is_put_out(runner: Runner) -> None:
    read = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"])))

    assert read == set(ACTION["inputs"])
    assert set(runner.step("scan").outputs) == set(ACTION["outputs"])
