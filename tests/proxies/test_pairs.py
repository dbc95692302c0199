"""The rules of both sides where something stands between the two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_BACKEND = """\
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        yield


server = Server(store)


@app.post("ROUTE")
async def chatkit(request: Request):
    return StreamingResponse(await server.process(await request.body(), {}), media_type="text/event-stream")
"""
_PAGE = """\
import { useChatKit } from '@openai/chatkit-react'
BEFORE
export const useChat = () =>
  useChatKit({ api: { url: URL, domainKey: 'k' }, threadItemActions: { feedback: true } })
"""
_VITE = "export default { server: { proxy: { PROXY } } }\n"
_STRIPS = "'/api': { target: 'http://localhost:8000', rewrite: (path) => path.replace(/^\\/api/, '') }"
_KEEPS = "'/api': 'http://localhost:8000'"
_COMPOSE = "services:\n  api:\n    build: ./backend\n  web:\n    build: ./web\n    ports: ['8080:80']\n"
_NGINX = "server { location /api/ { proxy_pass http://api:8000PATH; } }\n"


def _files(url: str, route: str = "/chatkit", **others: str) -> dict[str, str]:
    names = {"vite": "web/vite.config.js", "nginx": "web/nginx.conf", "compose": "docker-compose.yml"}
    return {
        "backend/requirements.txt": "openai-chatkit==1.6.5\nfastapi\n",
        "backend/main.py": _BACKEND.replace("ROUTE", route),
        "web/package.json": '{ "dependencies": { "@openai/chatkit-react": "^1.6.0", "vite": "^6" } }',
        "web/src/Chat.jsx": _PAGE.replace("URL", url).replace("BEFORE", others.pop("before", "")),
        **{names.get(name, name): text for name, text in others.items()},
    }


@pytest.mark.parametrize(
    ("url", "route", "proxy", "arrives"),
    [
        ("'/api/chatkit'", "/chatkit", _KEEPS, "/api/chatkit"),
        ("'/api/chatkit'", "/api/chatkit", _STRIPS, "/chatkit"),
        ("'http://localhost:5173/api/chatkit'", "/chatkit", _KEEPS, "/api/chatkit"),
        ("`${window.location.origin}/api/chatkit`", "/chatkit", _KEEPS, "/api/chatkit"),
        ("'/api/chatkit'", "/chatkit", _STRIPS, None),
        ("'/api/chatkit'", "/api/chatkit", _KEEPS, None),
        ("'/api/chatkit'", "/{rest:path}", _KEEPS, None),
        # What is done with the path cannot be told, or where it goes.
        ("'/api/chatkit'", "/chatkit", "'/api': { target: 'http://localhost:8000', rewrite: strip }", None),
        ("'/api/chatkit'", "/chatkit", "'^/(api|v1)/.*': 'http://localhost:8000'", None),
        ("'/api/chatkit'", "/chatkit", "'/api': process.env.BACKEND", None),
        ("'/api/chatkit'", "/chatkit", "'/api': 'https://chat.example.com'", None),
    ],
)
def test_a_proxy_that_asks_for_another_path(
    url: str, route: str, proxy: str, arrives: str | None, tmp_path: Path
) -> None:
    files = _files(url, route, vite=_VITE.replace("PROXY", proxy))
    found = [each.elsewhere for each in Folder(tmp_path, "CK805").findings(files)]

    assert [each.label for each in found if each] == ([f"handed on as {arrives}"] if arrives else [])


@pytest.mark.parametrize(
    ("path", "content"),
    [
        # Something else may listen there.
        ("web/server/package.json", '{ "dependencies": { "express": "^4" } }'),
        ("api/main.py", "from fastapi import FastAPI\napp = FastAPI()\n"),
        ("docker-compose.yml", "services:\n  gateway:\n    image: envoy\n    ports: ['8000:80']\n"),
        ("web/api/chatkit.js", "export default (request, response) => response.end()\n"),
        ("web/src/routes/api.chatkit.ts", "export async function action({ request }) { return relay(request) }\n"),
        ("web/.env.example", "BACKEND=http://localhost:8000/v1\n"),
    ],
)
def test_what_may_answer_instead_of_the_backend(path: str, content: str, tmp_path: Path) -> None:
    proxy = "'/api': process.env.BACKEND ?? 'http://localhost:8000'"
    files = _files("'/api/chatkit'", vite=_VITE.replace("PROXY", proxy)) | {"api/requirements.txt": "fastapi\n"}

    assert Folder(tmp_path, "CK805").spans(files) == ["'/api/chatkit'"]
    assert Folder(tmp_path, "CK805").spans({**files, path: content}) == []


@pytest.mark.parametrize(
    ("compose", "slash", "spans"),
    [
        (_COMPOSE, "", ["'/api/chatkit'"]),
        (_COMPOSE, "/", []),
        # A host that nobody tells of, and one that is built of something else.
        ("services: {}\n", "", []),
        (_COMPOSE.replace("./backend", "./gateway"), "", []),
    ],
)
def test_nginx_before_a_service(compose: str, slash: str, spans: list[str], tmp_path: Path) -> None:
    files = _files("'/api/chatkit'", nginx=_NGINX.replace("PATH", slash), compose=compose)

    assert Folder(tmp_path, "CK805").spans(files) == spans


def test_one_of_several_servers_of_nginx_may_be_for_another_domain(tmp_path: Path) -> None:
    both = _NGINX.replace("PATH", "/") + _NGINX.replace("/api/", "/").replace("PATH", "")
    files = _files("'/api/chatkit'", nginx=both, compose=_COMPOSE)

    assert Folder(tmp_path, "CK805").spans(files) == []


_IMAGE = "FROM python:3.12\nCMD COMMAND\n"


@pytest.mark.parametrize(
    ("command", "port"),
    [
        ('["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8080"]', "8080"),
        ("uv run uvicorn main:app --port=8080", "8080"),
        ("gunicorn -k uvicorn_worker.UvicornWorker -b 0.0.0.0:9000 main:app", "9000"),
        ("fastapi run main.py", None),
        ("uvicorn main:app --host 0.0.0.0", None),
        ("uvicorn main:app --port 8000", None),
        # Nobody knows.
        ("uvicorn main:app --port ${PORT:-8080}", None),
        ("python main.py", None),
        ("./start.sh --port 8080", None),
        ("uvicorn main:app --uds /run/app.sock", None),
    ],
)
def test_nginx_before_another_port_of_a_service(command: str, port: str | None, tmp_path: Path) -> None:
    files = _files("'/api/chatkit'", nginx=_NGINX.replace("PATH", "/"), compose=_COMPOSE)
    image = {"backend/Dockerfile": _IMAGE.replace("COMMAND", command)}
    fixed = Folder(tmp_path, "CK805").fixed({**files, **image}, "web/nginx.conf")

    assert fixed == (files["web/nginx.conf"].replace("8000", port) if port else None)


@pytest.mark.parametrize(("proxy", "spans"), [(_STRIPS, ["feedback: true"]), (_KEEPS, [])])
def test_other_rules_follow_the_proxy(proxy: str, spans: list[str], tmp_path: Path) -> None:
    files = _files("'/api/chatkit'", vite=_VITE.replace("PROXY", proxy))

    assert Folder(tmp_path, "CK804").spans(files) == spans


_FALLBACK = "const API = (import.meta.env.VITE_API || 'http://localhost:8000').replace(/\\/$/, '')"


@pytest.mark.parametrize(
    ("url", "sets", "spans"),
    [
        ("`${API}/api/chatkit`", "", ["`${API}/api/chatkit`"]),
        ("API + '/api/chatkit'", "VITE_API=https://chat.example.com", ["API + '/api/chatkit'"]),
        ("`${API}/chatkit`", "", []),
        # What a file sets it to has a path, which may be all that lacks.
        ("`${API}/api/chatkit`", "VITE_API=https://chat.example.com/v1", []),
    ],
)
def test_a_variable_with_a_fallback(url: str, sets: str, spans: list[str], tmp_path: Path) -> None:
    files = _files(url, before=_FALLBACK, **{"web/.env.example": sets})

    assert Folder(tmp_path, "CK805").spans(files) == spans


def test_the_path_behind_a_variable_is_mended(tmp_path: Path) -> None:
    fixed = Folder(tmp_path, "CK805").fixed(_files("`${API}/api/chatkit`", before=_FALLBACK), "web/src/Chat.jsx")

    assert fixed is not None
    assert "url: `${API}/chatkit`" in fixed


@pytest.mark.parametrize(
    ("url", "before", "spans"),
    [
        ("`${API}/chatkit`", _FALLBACK, ["FastAPI"]),
        # The page's own dev server, and what it hands on.
        ("'http://localhost:5173/chatkit'", "", []),
        ("'http://127.0.0.1:5173/chatkit'", "", []),
        ("`${window.location.origin}/chatkit`", "", []),
    ],
)
def test_another_origin(url: str, before: str, spans: list[str], tmp_path: Path) -> None:
    assert Folder(tmp_path, "CK705").spans(_files(url, before=before)) == spans


@pytest.mark.parametrize(
    ("scripts", "origin"),
    [
        ("", "http://localhost:3000"),
        (
            '"dev": "vite --port 3001", "preview": "vite preview --port 3002", "api": "x -p 8000"',
            "http://localhost:3001",
        ),
    ],
)
def test_the_origin_that_may_ask_is_where_the_page_is_developed(scripts: str, origin: str, tmp_path: Path) -> None:
    files = _files("'http://localhost:8000/chatkit'", vite="export default { server: { port: 3000 } }\n")
    files["web/package.json"] = files["web/package.json"].replace("{ ", f'{{ "scripts": {{ {scripts} }}, ', 1)
    fixed = Folder(tmp_path, "CK705").fixed(files, "backend/main.py")

    assert fixed is not None
    assert f'allow_origins=["{origin}"]' in fixed


def test_a_page_that_names_its_own_origin_asks_no_other(tmp_path: Path) -> None:
    files = _files("'http://localhost:3000/chatkit'", vite="export default { server: { port: 3000 } }\n")

    assert Folder(tmp_path, "CK705").spans(files) == []


@pytest.mark.parametrize(
    ("proxy", "spans"),
    [
        ("'/auth': 'http://localhost:8000'", ["'/chatkit'"]),
        ("'/auth': 'http://localhost:8000', '/chat': 'http://localhost:8000'", []),
        # Nothing leads to the backend, or what does cannot be told.
        ("'/auth': 'https://auth.example.com'", []),
        ("'/auth': { target: 'http://localhost:8000', rewrite: strip }", []),
        ("'^/(chatkit|auth)': 'http://localhost:8000'", []),
        ("'/auth': 'http://localhost:8000', ...more", []),
    ],
)
def test_a_path_that_the_dev_server_hands_on_to_nobody(proxy: str, spans: list[str], tmp_path: Path) -> None:
    files = _files("'/chatkit'", vite=_VITE.replace("PROXY", proxy))

    assert Folder(tmp_path, "CK805").spans(files) == spans


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("web/vite.config.js", _VITE.replace("PROXY", "'/a': 'http://localhost:8000'") + "// configureServer\n"),
        ("web/package.json", '{ "dependencies": { "@openai/chatkit-react": "1", "@sveltejs/kit": "2" } }'),
        ("backend/pages.py", "from fastapi.staticfiles import StaticFiles\n"),
        ("backend/run.py", "import uvicorn\nuvicorn.run('main:app', port=8001)\n"),
    ],
)
def test_what_may_serve_a_path_that_is_not_handed_on(path: str, content: str, tmp_path: Path) -> None:
    files = _files("'/chatkit'", vite=_VITE.replace("PROXY", "'/a': 'http://localhost:8000'"))

    assert Folder(tmp_path, "CK805").spans({**files, path: content}) == []


@pytest.mark.parametrize(
    ("asked", "named", "spans"),
    [
        (8000, 8001, ["'http://localhost:8000/api/chatkit'"]),
        (8001, 8001, ["'http://localhost:8001/api/chatkit'"]),
        (3001, 8001, []),
    ],
)
def test_a_page_that_asks_a_port_that_the_backend_may_not_have(
    asked: int, named: int, spans: list[str], tmp_path: Path
) -> None:
    files = _files(f"'http://localhost:{asked}/api/chatkit'")
    started = {"backend/run.py": f"import uvicorn\nuvicorn.run('main:app', port={named})\n"}

    assert Folder(tmp_path, "CK805").spans({**files, **started}) == spans


def test_the_dev_server_is_told_of_the_path(tmp_path: Path) -> None:
    rules = "\n  '/auth': {\n    target: 'http://localhost:8000',\n  },\n"
    files = _files("'/chatkit'", vite=_VITE.replace("PROXY", rules))
    fixed = Folder(tmp_path, "CK805").fixed(files, "web/vite.config.js")

    wanted = rules.replace("/auth", "/chatkit") + rules.removeprefix("\n")
    assert fixed == _VITE.replace("PROXY", wanted)


@pytest.mark.parametrize(
    ("port", "path", "content", "spans"),
    [
        # What stands before containers has no part in it where the page is developed.
        (8000, "Caddyfile", "handle_path /api/* {\n  reverse_proxy api:8000\n}\n", ["'/api/chatkit'"]),
        (8080, "Caddyfile", "handle_path /api/* {\n  reverse_proxy api:8000\n}\n", []),
        (8080, "backend/run.py", "import uvicorn\nuvicorn.run('main:app', port=8080)\n", ["'/api/chatkit'"]),
    ],
)
def test_what_may_stand_before_containers(port: int, path: str, content: str, spans: list[str], tmp_path: Path) -> None:
    files = _files("'/api/chatkit'", vite=_VITE.replace("PROXY", f"'/api': 'http://localhost:{port}'"))

    assert Folder(tmp_path, "CK805").spans({**files, path: content}) == spans


def test_each_app_of_a_monorepo_has_its_own_proxy_and_backend(tmp_path: Path) -> None:
    files = {
        f"{name}/{path}": text
        for name, proxy in (("one", _KEEPS), ("two", _STRIPS))
        for path, text in _files("'/api/chatkit'", vite=_VITE.replace("PROXY", proxy)).items()
    }
    found = Folder(tmp_path, "CK805").findings(files)

    assert [each.at.path.relative_to(tmp_path).parts[0] for each in found] == ["one"]


def test_the_nearest_backend_around_a_page_is_meant(tmp_path: Path) -> None:
    inner = {f"samples/a/{path}": text for path, text in _files("'/chatkit'").items() if path.startswith("web/")}
    files = {
        **inner,
        "requirements.txt": "openai-chatkit==1.6.5\n",
        "main.py": _BACKEND.replace("ROUTE", "/chatkit"),
        "samples/a/requirements.txt": "openai-chatkit==1.6.5\n",
        "samples/a/main.py": _BACKEND.replace("ROUTE", "/chatkit"),
    }
    found = Folder(tmp_path, "CK804").findings(files)

    assert [str(each.message) for each in found] == [
        "feedback is asked for, and Server in samples/a/main.py keeps none"
    ]


@pytest.mark.parametrize(("behind", "spans"), [("${req.nextUrl.search}", ["answer.text()"]), ("${more}", [])])
def test_a_handler_that_waits_for_the_whole_answer(behind: str, spans: list[str], tmp_path: Path) -> None:
    handler = f"""\
export async function POST(req) {{
  const answer = await fetch(`${{process.env.BACKEND}}/chatkit{behind}`, {{ method: 'POST', body: req.body }})
  const text = await answer.text()
  return new Response(text)
}}
"""
    files = _files("'/api/chatkit'", **{"web/app/api/chatkit/route.js": handler})

    assert Folder(tmp_path, "CK702").spans(files) == spans
