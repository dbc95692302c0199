"""What hangs on a setting of the workflow: it goes where that can be told, and is said with its place elsewhere."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands import call
from tests.migrate.hosted import NEXT, committed, contents
from tests.migrate.test_routes import PAGE

GATE = """
export function Help(props: { onEnd: () => void }) {
  const isConfigured = Boolean(WORKFLOW_ID && !WORKFLOW_ID.startsWith("wf_replace"));

  if (!isConfigured) {
    return <p>Set NEXT_PUBLIC_CHATKIT_WORKFLOW_ID.</p>;
  }

  return <Configured {...props} />;
}

function Configured(
"""


def test_a_gate_in_another_component_goes_with_what_it_asked(tmp_path: Path) -> None:
    help_page = dedent(NEXT["components/Help.tsx"]).replace("export function Help(", GATE.strip())
    root = committed(tmp_path, {**NEXT, "components/Help.tsx": help_page})

    outcome = call("migrate", str(root), "--write")

    assert outcome.code == 0
    text = contents(root)["components/Help.tsx"].decode()
    assert "export function Help(props: { onEnd: () => void }) {\n  return <Configured {...props} />;\n}" in text
    assert "isConfigured" not in text


SAID = "what follows hangs on {name}, a setting of the workflow: let it go on without, since nobody sets that any more"


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        (
            "src/App.tsx",
            "import { Chat } from './chatkit';\nif (!config.workflowId) {\n  stop();\n}\n",
            "config.workflowId",
        ),
        ("src/App.vue", '<script>\n// ChatKit\n</script>\n<div v-if="workflowId"></div>\n', "workflowId"),
        ("src/App.jsx", "// ChatKit\nexport const App = () =>\n  <>{workflowUrl && <Chat />}</>;\n", "workflowUrl"),
        (
            "public/app.js",
            "// chatkit\nfunction begin(agentWorkflowUrl) {\nif (!agentWorkflowUrl) return;\n}\n",
            "agentWorkflowUrl",
        ),
        (
            "server/chat.py",
            '"""ChatKit."""\n\ndef begin(workflow_id):\n    if not workflow_id:\n        return\n',
            "workflow_id",
        ),
        ("chat.php", "<?php\n// ChatKit\nif (empty($workflow_id)) { return ''; }\n", "$workflow_id"),
    ],
)
def test_what_hangs_on_a_setting_is_said_with_its_place(tmp_path: Path, path: str, text: str, name: str) -> None:
    root = committed(tmp_path, {"index.html": PAGE, "package.json": "{}", path: text})

    outcome = call("migrate", str(root))

    line = next(number for number, each in enumerate(text.splitlines(), 1) if "if" in each or "&&" in each)
    assert f"{path}:{line}: {SAID.format(name=name)}" in outcome.stdout


@pytest.mark.parametrize(
    "line",
    ["if (workflowId === other) {}", "const x = { workflowId: other };", "if (workflowLink) {}", "workflowId(1);"],
)
def test_what_asks_for_no_setting_is_not_said(tmp_path: Path, line: str) -> None:
    root = committed(tmp_path, {"index.html": PAGE, "package.json": "{}", "src/other.js": f"// ChatKit\n{line}\n"})

    assert "hangs on" not in call("migrate", str(root)).stdout


NEEDED = """
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "ChatKit"
    workflow_id: str
"""


def test_what_an_app_does_not_start_without_is_said(tmp_path: Path) -> None:
    root = committed(tmp_path, {"index.html": PAGE, "package.json": "{}", "server/settings.py": NEEDED})

    expected = "server/settings.py:6: nothing runs here without workflow_id, a setting of the workflow: take it out"
    assert expected in call("migrate", str(root)).stdout
