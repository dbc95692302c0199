"""Routes of SvelteKit, Astro and Nuxt that hand the chat on, where these were seen to answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proxies.support import UNCLEAR, handed

_SVELTE = (
    "export const POST = ({ request }) => fetch('http://localhost:8000/URL', { method: 'POST', body: request.body })"
)
_NUXT = "export default defineEventHandler((event) => proxyRequest(event, 'http://localhost:8000/URL'))"
_FETCHED = "export default eventHandler(async (e) => $fetch('http://localhost:8000/URL', { body: await readBody(e) }))"
_ASTRO = _SVELTE.replace("{ request }", "{ request, locals }")


@pytest.mark.parametrize(
    ("package", "config", "files", "expected"),
    [
        (
            "@sveltejs/kit",
            "vite.config.ts",
            {
                "src/routes/api/chatkit/+server.ts": _SVELTE.replace("URL", "chatkit"),
                "src/routes/(app)/chat/[id]/+server.ts": _SVELTE.replace("URL", "chat"),
                "src/routes/all/[...rest]/+server.ts": _SVELTE.replace("URL", "all"),
                "src/routes/own/+server.ts": "export const POST = () => json({})",
                "src/routes/chat/+page.svelte": "<p>chat</p>",
            },
            {"/api/chatkit": "chatkit", "/chat/7": "chat", "/chat": None, "/own": UNCLEAR, "/all": "all"},
        ),
        (
            "nuxt",
            "nuxt.config.ts",
            {
                "server/api/chatkit.post.ts": _NUXT.replace("URL", "chatkit"),
                "server/api/chat/[...path].ts": _FETCHED.replace("URL", "chat"),
                "server/routes/health.get.ts": _NUXT.replace("URL", "health"),
                "server/routes/talk.ts": _NUXT.replace("URL", "talk"),
            },
            {"/api/chatkit": "chatkit", "/api/chat/a/b": "chat", "/health": None, "/talk": "talk"},
        ),
        (
            "astro",
            "astro.config.mjs",
            {"src/pages/api/chatkit.ts": _ASTRO.replace("URL", "chatkit"), "src/pages/index.astro": "<p>chat</p>"},
            {"/api/chatkit": "chatkit", "/": None},
        ),
    ],
    ids=["sveltekit", "nuxt", "astro"],
)
def test_routes(
    package: str, config: str, files: dict[str, str], expected: dict[str, str | None], tmp_path: Path
) -> None:
    manifest = f'{{ "dependencies": {{ "@openai/chatkit-react": "^1.6.0", "{package}": "*" }} }}'
    found = handed(tmp_path, {**files, "package.json": manifest, config: "export default {}\n"}, list(expected))
    wanted = {path: to if to in {None, UNCLEAR} else f"http://localhost:8000/{to}" for path, to in expected.items()}

    assert found == wanted
