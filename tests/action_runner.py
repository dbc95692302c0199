"""Runs the shell steps of action.yml as a runner of GitHub Actions does, as far as these steps can tell."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.commands import ROOT, environment

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
# As GitHub documents it for `shell: bash`.
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")

_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


@dataclass(frozen=True, slots=True)
class Step:
    """What a step left behind: its exit code, its log and what it put out."""

    code: int
    log: str
    outputs: Mapping[str, str]


@dataclass
class Runner:
    """A job's folders: `workspace` holds the checked-out repository, `temp` is the runner's own."""

    workspace: Path
    temp: Path
    outputs: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.temp.mkdir()
        self.summary = self.temp / "summary"
        self.summary.touch()

    def step(self, name: str, **inputs: str) -> Step:
        """Run a shell step of the action, with inputs as its user gives them (dashes are underscores)."""
        (step,) = (each for each in ACTION["runs"]["steps"] if each["id"] == name)
        known = {key: str(each["default"]) for key, each in ACTION["inputs"].items()} | inputs
        env = {key: self._value(text, known) for key, text in step["env"].items()}
        done = self.shell(step["run"], **env)
        self.outputs[name] = done.outputs
        return done

    def shell(self, script: str, **env: str) -> Step:
        """Run a script as `run:` does."""
        file, output = self.temp / "step.sh", self.temp / "output"
        file.write_text(script)
        output.write_text("")
        given = environment(
            GITHUB_ACTION_PATH=str(ROOT),
            GITHUB_OUTPUT=str(output),
            GITHUB_STEP_SUMMARY=str(self.summary),
            RUNNER_TEMP=str(self.temp),
            GIT_CONFIG_GLOBAL=os.devnull,
        )
        done = subprocess.run(
            [*BASH, str(file)],
            cwd=self.workspace,
            env=given | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        pairs = (line.partition("=") for line in output.read_text().splitlines())
        return Step(done.returncode, done.stdout, {key: value for key, _, value in pairs})

    def _value(self, text: str, inputs: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            context, *path = match[1].split(".")
            return inputs[path[0]] if context == "inputs" else self.outputs[path[0]][path[2]]

        return _EXPRESSION.sub(value, text)
