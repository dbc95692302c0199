"""What docs/ci.md gives people to paste into their CI: read from there and run as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import chatkit_doctor
from tests.action_runner import ACTION, Runner
from tests.commands import COMMAND, ROOT
from tests.docs.pages import PAGES, blocks_below, rows, section, text_of
from tests.projects import write_files

PAGE = "docs/ci.md"
RELEASE = chatkit_doctor.__version__
RELEASED = r"(?:rev: v|chatkit-doctor@v|chatkit-doctor==)([\w.]+)"
BAD = "from chatkit.stores import Store\n"
GOOD = "from chatkit.store import Store\n"

# Notes how it was called, and knows of no pull request.
GH = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$(dirname "$0")/gh.called"
"""


def workflow(index: int) -> Any:
    return yaml.safe_load(blocks_below(PAGE, "## GitHub", "yaml")[index])


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """Return a runner with an error in its project, and the commands that the snippets call."""
    scripts = {
        "chatkit-doctor": f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n',
        "pip": f'#!/bin/sh\n[ "$*" = "install chatkit-doctor=={RELEASE}" ]\n',
        "gh": GH,
    }
    write_files(tmp_path / "bin", scripts)
    for name in scripts:
        (tmp_path / "bin" / name).chmod(0o755)
    write_files(tmp_path / "work", {"store.py": BAD})
    return Runner(
        tmp_path / "work", tmp_path / "temp", {"install": {"command": str(tmp_path / "bin" / "chatkit-doctor")}}
    )


def with_commands(runner: Runner) -> dict[str, str]:
    folder = Path(runner.outputs["install"]["command"]).parent
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_the_release_is_the_one_that_this_is() -> None:
    given = [each for page in PAGES for each in re.findall(RELEASED, text_of(page))]

    assert len(given) == 4
    assert set(given) == {RELEASE}


def test_all_inputs_and_outputs_are_told() -> None:
    assert [name for name, _ in rows(PAGE, "## GitHub")] == [f"`{name}`" for name in ACTION["inputs"]]
    for name in ACTION["outputs"]:
        assert f"`{name}`" in section(PAGE, "## GitHub")


def test_the_hook_is_one_of_ours() -> None:
    (config,) = blocks_below(PAGE, "## pre-commit", "yaml")
    ids = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}

    (repository,) = yaml.safe_load(config)["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= ids
    assert all(f"`{name}`" in section(PAGE, "## pre-commit") or name in config for name in ids)


def test_the_check_uses_the_outputs_that_there_are(runner: Runner) -> None:
    _, doctor, upload = workflow(0)["jobs"]["check"]["steps"]

    done = runner.step("scan", **doctor.get("with", {}))

    assert done.code == 1
    assert upload["with"]["sarif_file"] == "${{ steps.doctor.outputs.sarif }}"
    assert upload["if"] == "always() && steps.doctor.outputs.sarif"
    assert json.loads(Path(done.outputs["sarif"]).read_text())["runs"][0]["results"]


def test_the_fixes_are_proposed_as_a_pull_request(runner: Runner) -> None:
    _, doctor, propose = workflow(1)["jobs"]["fix"]["steps"]

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=runner.workspace, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet", "--bare", str(runner.temp / "origin"))
    git("init", "--quiet", "--initial-branch", "main")
    git("remote", "add", "origin", str(runner.temp / "origin"))
    git("add", ".")
    git("commit", "--quiet", "--message", "start")

    done = runner.step("scan", fix=str(doctor["with"]["fix"]).lower())
    assert propose["if"] == "steps.doctor.outputs.changed == 'true'"
    assert done.outputs["changed"] == "true"
    proposed = runner.shell(propose["run"], **with_commands(runner))

    assert proposed.code == 0, proposed.log
    assert git("show", "origin/chatkit-doctor-fixes:store.py") == GOOD
    called = (Path(runner.outputs["install"]["command"]).parent / "gh.called").read_text().splitlines()
    assert [line.split(" --")[0] for line in called] == ["pr list", "pr create"]


def test_the_job_for_gitlab_leaves_the_reports_that_it_names(runner: Runner) -> None:
    (text,) = blocks_below(PAGE, "## GitLab", "yaml")
    (job,) = yaml.safe_load(text).values()

    done = runner.shell("\n".join(job["script"]), **with_commands(runner))

    assert done.code == 1
    reports = job["artifacts"]["reports"]
    assert len(json.loads((runner.workspace / reports["codequality"]).read_text())) == 1
    assert "<failure" in (runner.workspace / reports["junit"]).read_text()


def test_the_shell_lines_fail_and_leave_what_they_say(runner: Runner) -> None:
    (text,) = blocks_below(PAGE, "## Any other", "sh")
    report, diff = text.splitlines()

    assert runner.shell(report, **with_commands(runner)).code == 1
    assert runner.shell(diff, **with_commands(runner)).code == 1

    assert "<failure" in (runner.workspace / "chatkit-doctor.xml").read_text()
    subprocess.run(
        ["patch", "-p0", "-i", "chatkit-doctor.patch"], cwd=runner.workspace, check=True, capture_output=True
    )
    assert (runner.workspace / "store.py").read_text() == GOOD
