"""The ways in which people write an `api`: as a literal in place, or made, named and handed on elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from tests.commands import call
from tests.migrate.hosted import committed, contents

ASKED = "async () => (await (await fetch('/session', { method: 'POST' })).json()).client_secret"
PAGE = """
<!doctype html>
<html lang="en">
  <head><script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script></head>
  <body><div id="app"></div></body>
</html>
"""
REACT = "import { ChatKit, useChatKit } from '@openai/chatkit-react'\nimport { useCallback, useMemo } from 'react'\n\n"


def component(before: str, inside: str, options: str) -> str:
    return (
        f"{REACT}{before}\n\nexport function Chat() {{\n  {inside}\n  const {{ control }} = useChatKit({options})\n"
        "  return <ChatKit control={control} />\n}\n"
    )


def vue(script: str) -> str:
    names = [
        each for each in ("ChatKit", "createHostedClientSecret", "useChatKit") if each == "ChatKit" or each in script
    ]
    body = f"<script setup lang=\"ts\">\nimport {{ {', '.join(names)} }} from 'chatkit-vue'\n{script}\n</script>\n"
    return f'{body}\n<template>\n  <ChatKit :control="control" />\n</template>\n'


COMPOSABLE = f"export function useSession() {{\n  const getClientSecret = {ASKED}\n  return {{ getClientSecret }}\n}}\n"
SHAPES = {
    "constant": {"src/Chat.tsx": component(f"const hosted = {{ getClientSecret: {ASKED} }}", "", "{ api: hosted }")},
    "spread": {
        "src/Chat.tsx": component(f"const hosted = {{ getClientSecret: {ASKED} }}", "", "{ api: { ...hosted } }")
    },
    "memo": {
        "src/Chat.tsx": component(
            "", f"const hosted = useMemo(() => ({{ getClientSecret: {ASKED} }}), [])", "{ api: hosted }"
        )
    },
    "hook": {
        "src/Chat.tsx": component(
            f"function useHosted() {{\n  const getClientSecret = useCallback({ASKED}, [])\n"
            "  return { getClientSecret }\n}",
            "const hosted = useHosted()",
            "{ api: hosted }",
        )
    },
    "options": {"src/Chat.tsx": component(f"const options = {{ api: {{ getClientSecret: {ASKED} }} }}", "", "options")},
    "assigned": {
        "src/chat.js": "// <openai-chatkit>\nconst options = { theme: 'light' }\n"
        f"options.api = {{ getClientSecret: {ASKED} }}\ndocument.querySelector('openai-chatkit').setOptions(options)\n"
    },
    "attribute": {
        "src/Chat.tsx": f"{REACT}export function Chat({{ api }}: {{ api: never }}) {{\n"
        "  const { control } = useChatKit({ api })\n  return <ChatKit control={control} />\n}\n\n"
        f"export const Page = () => <Chat api={{{{ getClientSecret: {ASKED} }}}} />\n"
    },
    "chatkit-vue": {
        "src/Chat.vue": vue(
            "const hosted = createHostedClientSecret({ url: '/session', method: 'POST' })\n"
            "const { control } = useChatKit({ api: hosted, theme: 'light' })"
        )
    },
    "chatkit-vue in place": {
        "src/Chat.vue": vue("const { control } = useChatKit({ api: createHostedClientSecret({ url: '/session' }) })")
    },
    "composable": {
        "src/Chat.vue": vue(
            "import { useSession } from './useSession'\nconst { control } = useChatKit({ api: useSession() })"
        ),
        "src/useSession.ts": COMPOSABLE,
    },
    "computed": {
        "src/Chat.vue": vue(
            f"import {{ computed }} from 'vue'\nconst api = computed(() => ({{ getClientSecret: {ASKED} }}))\n"
            "const { control } = useChatKit({ api: api.value })"
        )
    },
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_found_and_moved(tmp_path: Path, name: str) -> None:
    packages = ("vite", "vue", "chatkit-vue") if "vue" in str(SHAPES[name]) else ("vite", "@openai/chatkit-react")
    manifest = json.dumps({"dependencies": dict.fromkeys(packages, "*")})
    root = committed(tmp_path, {"package.json": manifest, "index.html": PAGE, **SHAPES[name]})
    assert [each.code for each in run([root], Options()).findings if each.code == "CK606"] == ["CK606"]

    outcome = call("migrate", str(root), "--write")

    assert (outcome.code, outcome.stderr) == (0, "")
    files = {path: data.decode() for path, data in contents(root).items() if path.startswith("src/")}
    whole = "\n".join(files.values())
    assert whole.count("fetch: fetchAsUser") == 1
    for gone in ("getClientSecret", "createHostedClientSecret", "client_secret", "/session"):
        assert gone not in whole
    assert [each.message for each in run([root], Options(min_severity=Severity.WARNING)).findings] == []
    for path, text in files.items():
        assert Document(Source(root / path, text)).error_count == 0, path


def test_what_makes_the_api_is_named_where_it_stands(tmp_path: Path) -> None:
    root = committed(tmp_path, {"package.json": "{}", "index.html": PAGE, **SHAPES["chatkit-vue"]})

    (found,) = (each for each in run([root], Options()).findings if each.code == "CK606")

    assert found.at.text == "createHostedClientSecret"
    assert found.message.startswith("createHostedClientSecret rests on a workflow that OpenAI hosts")
