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
        ("process.env.API", "vite @sveltejs/kit", True),
        ("import.meta.env.VITE_API", "vite @sveltejs/kit", False),
        ("import.meta.env.API", "vite @react-router/dev", True),
        ("import.meta.env.API", "vite @tanstack/react-start", True),
        ("import.meta.env.PUBLIC_API", "astro", False),
        ("import.meta.env.VITE_API", "astro", True),
        ("process.env.EXPO_PUBLIC_API", "expo", False),
        ("process.env.API", "expo", True),
        ("process.env.NUXT_PUBLIC_API", "nuxt", True),
        ("process.env.API", "vite electron", False),
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


_PAGE = (
    "<script setup>\nIMPORTS\nconst el = ref()\n"
    "onMounted(() => el.value.setOptions({ api: { url: URL_HERE, domainKey: 'k' } }))\n</script>\n"
)
_ELEMENT = "<template><openai-chatkit ref='el' /></template>\n"


@pytest.mark.parametrize(
    ("package", "code", "url", "found"),
    [
        ("nuxt", "const c = useRuntimeConfig()", "c.chatkitUrl", ["c.chatkitUrl"]),
        ("nuxt", "", "useRuntimeConfig().chatkitUrl", ["useRuntimeConfig().chatkitUrl"]),
        ("nuxt", "const { chatkitUrl } = useRuntimeConfig()", "chatkitUrl", ["chatkitUrl"]),
        ("nuxt", "const { public: open } = useRuntimeConfig()", "open.chatkitUrl", []),
        ("nuxt", "const c = useRuntimeConfig()", "c.public.chatkitUrl", []),
        ("nuxt", "const c = useRuntimeConfig().public", "c.chatkitUrl", []),
        ("nuxt", "import { useConfig } from './own'\nconst c = useConfig()", "c.chatkitUrl", []),
        (
            "nuxt",
            "import { useRuntimeConfig } from '#imports'\nconst c = useRuntimeConfig()",
            "c.chatkitUrl",
            ["c.chatkitUrl"],
        ),
        ("nuxt", "import { useRuntimeConfig } from './own'\nconst c = useRuntimeConfig()", "c.chatkitUrl", []),
        ("@docusaurus/core", "const c = useRuntimeConfig()", "c.chatkitUrl", []),
        ("@sveltejs/kit", "import { CHATKIT_URL } from '$env/static/private'", "CHATKIT_URL", ["CHATKIT_URL"]),
        ("@sveltejs/kit", "import { env } from '$env/dynamic/private'", "env.CHATKIT_URL", ["env"]),
        ("@sveltejs/kit", "import { env } from '$env/dynamic/public'", "env.PUBLIC_CHATKIT_URL", []),
        ("@sveltejs/kit", "import { PUBLIC_CHATKIT_URL } from '$env/static/public'", "PUBLIC_CHATKIT_URL", []),
    ],
)
def test_what_frameworks_keep_on_the_server(
    package: str, code: str, url: str, found: list[str], tmp_path: Path
) -> None:
    page = _PAGE.replace("IMPORTS", code).replace("URL_HERE", url) + _ELEMENT
    files = {"App.vue": page, "package.json": f'{{ "dependencies": {{ "{package}": "*" }} }}'}
    assert Folder(tmp_path, "CK420").spans(files) == found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("chat.server.ts", "export const url = process.env.API\n"),
        ("chat.ts", "export const url = createServerFn().handler(() => process.env.API)\n"),
    ],
)
def test_what_runs_on_the_server_may_read_anything(path: str, text: str, tmp_path: Path) -> None:
    files = _files("url", "vite @tanstack/react-start") | {path: text}
    files["Chat.jsx"] = f"import {{ url }} from './{path.removesuffix('.ts')}'\n{files['Chat.jsx']}"
    assert Folder(tmp_path, "CK420").findings(files) == []


def test_the_front_matter_of_astro_runs_on_the_server(tmp_path: Path) -> None:
    page = (
        "---\nconst url = import.meta.env.API\n---\n<openai-chatkit></openai-chatkit>\n"
        "<script>document.querySelector('openai-chatkit').setOptions({ api: { url: READ, domainKey: 'k' } })</script>\n"
    )
    package = {"package.json": '{ "dependencies": { "astro": "*" } }'}
    folder = Folder(tmp_path, "CK420")
    assert folder.spans({"a.astro": page.replace("READ", "url"), **package}) == []
    assert folder.spans({"a.astro": page.replace("READ", "import.meta.env.API"), **package}) == ["import.meta.env.API"]
