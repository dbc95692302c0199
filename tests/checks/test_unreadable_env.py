"""CK420: bundlers and ways to read that a page cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_CHAT = (
    "import { useChatKit } from '@openai/chatkit-react'\n"
    "export const useChat = () => useChatKit({ api: { url: URL_HERE, domainKey: 'k' } })\n"
)


def _files(url: str, package: str, **more: str) -> dict[str, str]:
    dependencies = ", ".join(f'"{name}": "*"' for name in package.split())
    return {
        "Chat.jsx": _CHAT.replace("URL_HERE", url),
        "package.json": f'{{ "dependencies": {{ {dependencies} }} }}',
        **{name.replace("__", "."): text for name, text in more.items()},
    }


@pytest.mark.parametrize(
    ("url", "package", "is_found"),
    [
        ("process.env.API", "vite", True),
        ("process.env['API']", "vite", True),
        ("import.meta.env.VITE_API", "vite", False),
        ("import.meta.env.API", "vite", True),
        ("import.meta.env.MODE", "vite", False),
        ("process.env.API", "vite @sveltejs/kit", False),
        ("process.env.API", "vite vite-plugin-environment", False),
        ("process.env.NEXT_PUBLIC_API", "next", False),
        ("process.env.API", "next", True),
        ("process.env.REACT_APP_API", "react-scripts", False),
        ("process.env.VITE_API", "react-scripts", True),
        ("process.env.VUE_APP_API", "@vue/cli-service", False),
        ("process.env.API", "@docusaurus/core", True),
        ("process.env.NODE_ENV === 'production' ? '/a' : '/b'", "@docusaurus/core", False),
        ("process.env.API", "webpack", False),
        ("import.meta.env.VITE_API", "next", True),
    ],
)
def test_bundlers(url: str, package: str, is_found: bool, tmp_path: Path) -> None:
    assert bool(Folder(tmp_path, "CK420").findings(_files(url, package))) is is_found


@pytest.mark.parametrize(
    ("config", "is_found"),
    [
        ("import { defineConfig } from 'vite'\nexport default defineConfig({ server: { port: 3000 } })\n", True),
        ("export default { define: { 'process.env': {} } }\n", False),
        ("export default { envPrefix: 'PUBLIC_' }\n", False),
    ],
)
def test_configurations_of_vite(config: str, is_found: bool, tmp_path: Path) -> None:
    files = _files("process.env.API", "vite", vite__config__js=config)
    assert bool(Folder(tmp_path, "CK420").findings(files)) is is_found


def test_a_process_that_the_page_makes_is_there(tmp_path: Path) -> None:
    files = _files("process.env.API", "vite", index__html="<script>window.process = { env: {} }</script>\n")
    assert Folder(tmp_path, "CK420").findings(files) == []


def test_what_a_request_inside_a_function_is_made_of_counts_and_helpers_do_not(tmp_path: Path) -> None:
    chat = (
        "import { useChatKit } from '@openai/chatkit-react'\n"
        "const BASE = process.env.API\n"
        "const tag = () => process.env.TAG\n"
        "export const useChat = () => useChatKit({ api: { getClientSecret: async () => {\n"
        "  console.log(tag())\n"
        "  return (await fetch(`${BASE}/session`)).text()\n"
        "} } })\n"
    )
    files = {"Chat.jsx": chat, "package.json": '{ "dependencies": { "vite": "*" } }'}
    assert Folder(tmp_path, "CK420").spans(files) == ["process.env.API"]
