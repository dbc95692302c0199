"""CK705: headers that a page's own fetch sends, and the middleware that lets some through."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_BACKEND = """\
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import StreamingResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:5173"], allow_methods=["POST"]HEADERS)


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        yield


server = Server(store)


@app.post("/chatkit")
async def chatkit(request: Request):
    return StreamingResponse(await server.process(await request.body(), {}), media_type="text/event-stream")
"""
_PAGE = """\
import { useChatKit } from '@openai/chatkit-react'
export function Chat({ token }) {
  const fetch_ = (input, init) => { FETCH }
  return useChatKit({ api: { url: 'http://localhost:8000/chatkit', domainKey: 'k', fetch: fetch_ } })
}
"""
_OBJECT = "return fetch(input, { ...init, headers: { ...init.headers, 'X-User': token } })"
_MADE = "const h = new Headers(init.headers); h.set('X-User', token); return fetch(input, { ...init, headers: h })"
_SAFE = "return fetch(input, { ...init, headers: { ...init.headers, 'Content-Type': 'application/json' } })"


def _files(headers: str, code: str) -> dict[str, str]:
    return {
        "backend/requirements.txt": "openai-chatkit==1.6.5\nfastapi\n",
        "backend/main.py": _BACKEND.replace("HEADERS", headers),
        "web/package.json": '{ "dependencies": { "@openai/chatkit-react": "^1.6.0", "vite": "^6" } }',
        "web/src/Chat.jsx": _PAGE.replace("FETCH", code),
    }


@pytest.mark.parametrize(
    ("headers", "code", "spans"),
    [
        (', allow_headers=["Content-Type"]', _OBJECT, ['["Content-Type"]']),
        (', allow_headers=["Content-Type"]', _MADE, ['["Content-Type"]']),
        ("", _OBJECT, ["app.add_middleware"]),
        ("", _SAFE, []),
        (', allow_headers=["x-user"]', _OBJECT, []),
        (', allow_headers=["*"]', _OBJECT, []),
        (", allow_headers=allowed", _OBJECT, []),
        (", **more", _OBJECT, []),
        (', allow_headers=["Content-Type"]', "seen.set('X-User', token); return fetch(input, init)", []),
        (', allow_headers=["Content-Type"]', "return fetch(input, init)", []),
    ],
)
def test_headers(headers: str, code: str, spans: list[str], tmp_path: Path) -> None:
    assert Folder(tmp_path, "CK705").spans(_files(headers, code)) == spans


def test_a_header_is_added_to_the_list(tmp_path: Path) -> None:
    fixed = Folder(tmp_path, "CK705").fixed(_files(", allow_headers=['Accept']", _OBJECT), "backend/main.py")
    assert fixed is not None
    assert "allow_headers=['Accept', 'X-User'])" in fixed


@pytest.mark.parametrize(("asked", "status"), [("x-user", 400), ("content-type", 200)])
def test_starlette_refuses_what_is_not_let_through(asked: str, status: int) -> None:
    from starlette.applications import Starlette
    from starlette.middleware.cors import CORSMiddleware
    from starlette.testclient import TestClient

    app = Starlette()
    app.add_middleware(CORSMiddleware, allow_origins=["http://a"], allow_methods=["POST"], allow_headers=["accept"])
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked}
    answer = TestClient(app).options("/chatkit", headers={"Origin": "http://a", **asking})

    assert answer.status_code == status
    assert ("Disallowed CORS headers" in answer.text) is (status == 400)
