"""Rules of both sides: a server in JavaScript that answers what the page asks is the one that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_FILES = {
    "package.json": '{ "dependencies": { "@openai/chatkit-react": "^1.6.1", "express": "^4", "vite": "^6" } }',
    "vite.config.ts": (
        "export default { server: { proxy: { '/api': { target: 'http://localhost:3000',"
        " rewrite: (path) => path.replace(/^\\/api/, '') } } } }\n"
    ),
    "src/Chat.tsx": (
        "import { useChatKit } from '@openai/chatkit-react'\n"
        "export const useChat = () => useChatKit({\n"
        "  api: { url: '/api/chatkit', domainKey: 'k' }, threadItemActions: { feedback: true },\n})\n"
    ),
    "chat.py": (
        "from chatkit.server import ChatKitServer\nfrom fastapi import FastAPI, Request\n"
        "from fastapi.responses import StreamingResponse\n\napp = FastAPI()\n\n\n"
        "class Server(ChatKitServer[dict]):\n    async def respond(self, thread, item, context):\n        yield\n\n\n"
        "server = Server(store)\n\n\n@app.post('/chatkit')\nasync def chatkit(request: Request):\n"
        "    result = await server.process(await request.body(), {})\n"
        "    return StreamingResponse(result, media_type='text/event-stream')\n"
    ),
}


@pytest.mark.parametrize(
    ("server", "is_meant"),
    [
        ("import express from 'express'\nconst app = express()\napp.post('/api/chatkit', handle)\n", False),
        ("const app = require('fastify')()\napp.all('/chatkit', handle)\n", False),
        ("import express from 'express'\nconst app = express()\napp.post('/api/orders', handle)\n", True),
        ("import express from 'express'\nconst app = express()\napp.get('/api/chatkit', handle)\n", True),
    ],
)
def test_a_server_in_javascript_that_answers(server: str, is_meant: bool, tmp_path: Path) -> None:
    found = Folder(tmp_path, "CK804").spans({**_FILES, "server/index.js": server})

    assert found == (["feedback: true"] if is_meant else [])
