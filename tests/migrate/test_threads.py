"""Ids of threads that browsers keep: the workflow's name nothing on the new server, so they are kept under new keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.scanning.flow import Options, run
from tests.commands import call
from tests.migrate.hosted import committed, contents

KEYED = """
import {{ ChatKit, useChatKit }} from '@openai/chatkit-react'
import {{ useState }} from 'react'
{before}

export function Chat() {{
  const [open] = useState(() => localStorage.getItem({key}))
  const {{ control }} = useChatKit({{
    api: {{ getClientSecret: async () => (await (await fetch('/session')).json()).client_secret }},
    initialThread: open,
    onThreadChange: ({{ threadId }}) => {{
      if (threadId) localStorage.setItem({key}, threadId)
      else localStorage.removeItem({key})
    }},
  }})
  return <ChatKit control={{control}} />
}}
"""
PAGE = """
<html><head><script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script></head></html>
"""
FILES = {"package.json": '{ "dependencies": { "vite": "*", "@openai/chatkit-react": "*" } }\n', "index.html": PAGE}


def migrated(root: Path, files: dict[str, str]) -> tuple[str, dict[str, str]]:
    outcome = call("migrate", str(committed(root, {**FILES, **files})), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.stdout, {path: data.decode() for path, data in contents(root).items()}


@pytest.mark.parametrize(
    ("before", "key", "new"),
    [
        ("", "'open-thread'", "localStorage.getItem('open-thread-v2')"),
        ("const KEY = 'open-thread'", "KEY", "const KEY = 'open-thread-v2'"),
        ("import { KEY } from './keys'", "KEY", "export const KEY = 'open-thread-v2'"),
    ],
)
def test_a_kept_id_gets_a_new_key(tmp_path: Path, before: str, key: str, new: str) -> None:
    page = KEYED.format(before=before, key=key)

    said, files = migrated(tmp_path, {"src/Chat.tsx": page, "src/keys.ts": "export const KEY = 'open-thread'\n"})

    assert new in files["src/Chat.tsx"] + files["src/keys.ts"]
    assert files["src/Chat.tsx"].count("'open-thread'") == 0
    assert "the id of the open thread is kept as 'open-thread-v2': what 'open-thread' holds names a thread" in said
    assert [each.message for each in run([tmp_path], Options(min_severity=Severity.WARNING)).findings] == []


def test_an_id_that_the_page_is_given_is_said(tmp_path: Path) -> None:
    page = KEYED.format(before="", key="'x'").replace(
        "useState(() => localStorage.getItem('x'))", "useState(window.THREAD)"
    )

    said, files = migrated(tmp_path, {"src/Chat.tsx": page.replace("localStorage", "notes")})

    assert "src/Chat.tsx:9: initialThread comes from elsewhere: a kept id of the workflow opens no thread" in said
    assert "initialThread: open" in files["src/Chat.tsx"]
