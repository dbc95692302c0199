"""The page's public environment and its file, framework by framework."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from tests.commands import call
from tests.migrate.hosted import committed, contents

SCRIPT = '<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>'
INDEX = f"<!doctype html><html><head>{SCRIPT}</head><body><div id='app'></div></body></html>\n"

REACT = """
import { ChatKit, useChatKit } from '@openai/chatkit-react'
import { useState } from 'react'

export function Chat() {
  const [error, setError] = useState(null)
  const { control } = useChatKit({
    api: {
      getClientSecret: async () => {
        setError(null)
        const answer = await fetch('/session', { method: 'POST' })
        if (!answer.ok) setError('no session')
        return (await answer.json()).client_secret
      },
    },
  })
  if (error) return <p>{error}</p>
  return <ChatKit control={control} />
}
"""

VUE = """
<script setup lang="ts">
import { onMounted, ref } from 'vue'

const chat = ref<HTMLElement | null>(null)

async function secret(current: string | null): Promise<string> {
  const answer = await fetch('/api/session', { method: 'POST' })
  return (await answer.json()).client_secret
}

onMounted(async () => {
  await customElements.whenDefined('openai-chatkit')
  const element = document.querySelector('openai-chatkit') as any
  element.setOptions({ api: { getClientSecret: secret }, theme: 'light' })
})
</script>

<template>
  <openai-chatkit ref="chat" />
</template>
"""

SVELTE = """
<script>
  import { onMount } from 'svelte'

  let chat

  onMount(() => {
    customElements.whenDefined('openai-chatkit').then(() => {
      document.querySelector('openai-chatkit').setOptions({
        api: {
          async getClientSecret() {
            return (await fetch('/api/session', { method: 'POST' })).text()
          },
        },
      })
    })
  })
</script>

<openai-chatkit bind:this={chat}></openai-chatkit>
"""

SESSION_ROUTE = """
export async function POST() {
  const answer = await fetch('https://api.openai.com/v1/chatkit/sessions', {
    method: 'POST',
    headers: { 'OpenAI-Beta': 'chatkit_beta=v1', Authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: process.env.WORKFLOW_ID }, user: crypto.randomUUID() }),
  })
  return Response.json(await answer.json())
}
"""

NUXT_CONFIG = """
export default defineNuxtConfig({
  runtimeConfig: {
    openaiApiKey: '',
    public: {
      workflowId: '',
    },
  },
  app: { head: { script: [{ src: 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js' }] } },
})
"""


def package(*names: str) -> str:
    listed = ", ".join(f'"{name}": "*"' for name in (*names, "@openai/chatkit-react"))
    return f'{{ "dependencies": {{ {listed} }} }}\n'


CASES = {
    "vite": ("vite", {"src/Chat.jsx": REACT, "index.html": INDEX}, "import.meta.env.VITE_CHATKIT_URL ||"),
    "create-react-app": (
        "react-scripts",
        {"src/Chat.jsx": REACT, "public/index.html": INDEX},
        "process.env.REACT_APP_CHATKIT_URL ||",
    ),
    "vue": ("vite", {"src/Chat.vue": VUE, "index.html": INDEX}, "import.meta.env.VITE_CHATKIT_URL ||"),
    "svelte": ("vite", {"src/Chat.svelte": SVELTE, "index.html": INDEX}, "import.meta.env.VITE_CHATKIT_URL ||"),
    "nuxt": (
        "nuxt",
        {"components/Chat.vue": VUE, "nuxt.config.ts": NUXT_CONFIG},
        "useRuntimeConfig().public.chatkitUrl ||",
    ),
    "tanstack": (
        "@tanstack/react-start",
        {
            "vite.config.ts": "export default { server: { port: 3000 } }\n",
            "src/routes/chat.jsx": REACT,
            "src/routes/__root.jsx": f"export const Root = () => <head>{SCRIPT}</head>\n",
        },
        "import.meta.env.VITE_CHATKIT_URL ||",
    ),
}


def migrated(root: Path, name: str) -> dict[str, str]:
    dependency, files, _ = CASES[name]
    names = (dependency, "vite") if name == "tanstack" else (dependency,)
    outcome = call("migrate", str(committed(root, {"package.json": package(*names), **files})), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")
    return {path: data.decode() for path, data in contents(root).items()}


@pytest.mark.parametrize("name", CASES)
def test_the_page_reads_its_server_from_its_own_environment(tmp_path: Path, name: str) -> None:
    files = migrated(tmp_path, name)

    (page,) = (text for path, text in files.items() if "fetch: fetchAsUser" in text and "backend/" not in path)
    assert CASES[name][2] in page
    assert page.count("fetchAsUser") >= 2
    assert "getClientSecret" not in page
    assert "client_secret" not in page
    found = run([tmp_path], Options(min_severity=Severity.WARNING)).findings
    assert [each.message for each in found] == []
    for path, text in files.items():
        if path.endswith((".vue", ".svelte", ".jsx", ".ts", ".js")):
            assert Document(Source(tmp_path / path, text)).error_count == 0, path


@pytest.mark.parametrize("name", ["vite", "create-react-app", "tanstack"])
def test_state_that_only_the_secret_set_goes_with_what_it_drew(tmp_path: Path, name: str) -> None:
    files = migrated(tmp_path, name)

    (page,) = (text for path, text in files.items() if "fetch: fetchAsUser" in text and "backend/" not in path)
    for gone in ("error", "setError", "no session"):
        assert gone not in page


def test_nuxt_gets_the_new_settings_into_its_runtime_config(tmp_path: Path) -> None:
    files = migrated(tmp_path, "nuxt")

    config = files["nuxt.config.ts"]
    assert "chatkitUrl: 'http://localhost:8000/chatkit'," in config
    assert "chatkitDomainKey: 'local-dev'," in config
    assert Document(Source(tmp_path / "nuxt.config.ts", config)).error_count == 0


@pytest.mark.parametrize(
    ("dependency", "page", "module", "imported"),
    [
        ("next", "pages/index.jsx", "chatkitUser.js", "../chatkitUser"),
        ("next", "src/pages/help/chat.jsx", "src/chatkitUser.js", "../../chatkitUser"),
        ("next", "components/pages/Chat.jsx", "components/pages/chatkitUser.js", "./chatkitUser"),
        ("nuxt", "app/pages/chat.vue", "app/chatkitUser.ts", "../chatkitUser"),
        ("vite", "src/pages/Chat.jsx", "src/pages/chatkitUser.js", "./chatkitUser"),
    ],
)
def test_the_helper_is_no_page_where_every_file_of_a_folder_is_one(
    tmp_path: Path, dependency: str, page: str, module: str, imported: str
) -> None:
    files = {"package.json": package(dependency), page: VUE if page.endswith(".vue") else REACT}
    outcome = call("migrate", str(committed(tmp_path, files)), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")

    written = {path: data.decode() for path, data in contents(tmp_path).items()}
    assert [path for path in written if "chatkitUser" in path] == [module]
    assert f"import {{ fetchAsUser }} from '{imported}'" in written[page]


def test_the_key_that_a_deleted_session_route_sent_is_no_sign_in(tmp_path: Path) -> None:
    """A saved thread is safe where nobody signs in, and `Authorization` would say that somebody does."""
    files = {"package.json": package("next"), "components/Chat.jsx": REACT, "app/session/route.js": SESSION_ROUTE}

    outcome = call("migrate", str(committed(tmp_path, files)), "--write")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert "app/session/route.js" not in contents(tmp_path)
    assert "  components/Chat.jsx: CK409: keep the open thread in localStorage\n" in outcome.stdout
    assert b"initialThread: savedThread," in contents(tmp_path)["components/Chat.jsx"]


def test_a_typed_component_gets_a_typed_helper_and_a_plain_one_a_plain(tmp_path: Path) -> None:
    assert "components/chatkitUser.ts" in migrated(tmp_path / "nuxt", "nuxt")

    plain = migrated(tmp_path / "svelte", "svelte")["src/chatkitUser.js"]
    assert ": Promise<" not in plain
    assert "RequestInfo" not in plain
