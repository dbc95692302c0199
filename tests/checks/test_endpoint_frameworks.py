"""CK701 and CK702: how each web framework is asked for the body, and told of the stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

CORE = """
from chatkit.server import ChatKitServer


class MyServer(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        yield self.event(message)


server = MyServer(store)
"""
ENDPOINT = """
import json
{imports}
from chatkit.server import StreamingResult
from core import server


{decorator}
async def chatkit({parameters}):
    result = await server.process({body}, {{}})
    if isinstance(result, StreamingResult):
        {answer}
    return plain(result.json)
"""
# What is imported, how the function is made known, its parameters, and the body as it should be asked for.
FRAMEWORKS = {
    "fastapi": (
        "from fastapi import APIRouter, Request\nrouter = APIRouter()",
        "@router.post('/chatkit')",
        "r: Request",
    ),
    "starlette": ("from starlette.routing import Route", "", "request"),
    "quart": ("from quart import Quart, request\napp = Quart('app')", "@app.post('/chatkit')", ""),
    "django": ("from django.http import StreamingHttpResponse", "", "request"),
    "ninja": ("from ninja import NinjaAPI\napi = NinjaAPI()", "@api.post('/chatkit')", "request"),
    "aiohttp": ("from aiohttp import web", "", "request"),
    "litestar": ("from litestar import Request, post", "@post('/chatkit')", "request: Request"),
}
RAW = {
    "fastapi": "await r.body()",
    "starlette": "await request.body()",
    "quart": "await request.get_data()",
    "django": "request.body",
    "ninja": "request.body",
    "aiohttp": "await request.read()",
    "litestar": "await request.body()",
}
PARSED = {
    "fastapi": "await r.json()",
    "starlette": "await request.json()",
    "quart": "await request.get_json()",
    "django": "json.loads(request.body)",
    "ninja": "json.loads(request.body)",
    "aiohttp": "await request.json()",
    "litestar": "json.loads(await request.body())",
}
WRITTEN = """answer = {}
        await answer.prepare(request)
        async for event in result:
            await answer.write(event)
        return answer"""


def _files(bodies: dict[str, str], answer: str = "return plain(result)", imports: str = "") -> dict[str, str]:
    made = {"core.py": CORE}
    for name, body in bodies.items():
        imported, decorator, parameters = FRAMEWORKS[name]
        made[f"{name}_app.py"] = ENDPOINT.format(
            imports=f"{imported}\n{imports}", decorator=decorator, parameters=parameters, body=body, answer=answer
        )
    return made


def test_a_body_that_is_parsed_is_found_in_each_framework(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK701")
    found = folder.findings(_files(PARSED))

    assert {each.at.path.stem: each.at.text for each in found} == {f"{name}_app": body for name, body in PARSED.items()}
    assert {
        name for name in PARSED if RAW[name] in (folder.fixed(_files(PARSED), f"{name}_app.py") or "")
    } == RAW.keys()


def test_the_raw_body_of_each_framework_keeps_it_quiet(tmp_path: Path) -> None:
    assert not Folder(tmp_path, "CK701").findings(_files(RAW))


def test_a_server_that_reads_requests_itself_keeps_it_quiet(tmp_path: Path) -> None:
    own = """
    async def process(self, request, context):
        return await super().process(json.dumps(request), context)
"""

    assert not Folder(tmp_path, "CK701").findings(
        {**_files(PARSED), "core.py": CORE.replace("\n\nserver =", f"{own}\n\nserver =")}
    )


@pytest.mark.parametrize(("annotation", "is_found"), [("dict", True), ("dict[str, object]", True), ("bytes", False)])
def test_a_parameter_that_the_framework_parses_is_found(annotation: str, is_found: bool, tmp_path: Path) -> None:
    files = _files({"fastapi": "payload"})
    files["fastapi_app.py"] = files["fastapi_app.py"].replace("r: Request", f"payload: {annotation}")

    assert bool(Folder(tmp_path, "CK701").findings(files)) is is_found


@pytest.mark.parametrize(
    ("framework", "answer", "is_found"),
    [
        ("litestar", "return Stream(result)", True),
        ("litestar", "return Stream(result, media_type='text/event-stream')", False),
        ("aiohttp", WRITTEN.format("web.StreamResponse()"), True),
        ("aiohttp", WRITTEN.format("web.StreamResponse(headers={'Content-Type': 'text/event-stream'})"), False),
        ("aiohttp", WRITTEN.format("web.StreamResponse(); answer.content_type = 'text/event-stream'"), False),
        ("aiohttp", WRITTEN.format("self.started(request)"), False),
        ("aiohttp", WRITTEN.format("web.StreamResponse(); say_what_it_is(answer)"), False),
    ],
)
def test_a_stream_without_a_type_is_found(framework: str, answer: str, is_found: bool, tmp_path: Path) -> None:
    files = _files(
        {framework: RAW[framework]}, answer, "from litestar.response import Stream" if "Stream(r" in answer else ""
    )
    folder = Folder(tmp_path, "CK702")

    assert bool(folder.findings(files)) is is_found
    assert not is_found or "text/event-stream" in (folder.fixed(files, f"{framework}_app.py") or "")
