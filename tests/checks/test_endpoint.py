"""CK701 and CK702 in other frameworks, and in spellings that their pages have no room for."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_files

_SERVER = """
from chatkit.server import ChatKitServer, StreamingResult

class Server(ChatKitServer[dict]):
    async def respond(self, thread, input_user_message, context):
        yield

server = Server(store=None)
"""


def _scan(tmp_path: Path, code: str, *, fix: bool = False) -> tuple[list[tuple[str, str]], str]:
    write_files(tmp_path, {"server.py": _SERVER, "main.py": "from server import server\n" + dedent(code)})
    result = run([tmp_path], Options(select=("CK701", "CK702"), fix=fix))
    found = [(each.code, each.at.text) for each in result.findings if each.at.path.name == "main.py"]
    texts = result.fix_result.texts if result.fix_result else {}
    return found, texts.get(tmp_path / "main.py", "")


def test_json_response_of_called_json_becomes_a_plain_response(tmp_path: Path) -> None:
    code = """
    from fastapi import Request
    from fastapi.responses import JSONResponse
    async def chat(request: Request):
        result = await server.process(await request.body(), {})
        return JSONResponse(content=result.json())
    """

    found, _ = _scan(tmp_path, code)
    _, text = _scan(tmp_path, code, fix=True)

    assert found == [("CK701", "result.json()")]
    assert 'return Response(content=result.json, media_type="application/json")' in text
    assert "import JSONResponse, Response" in text


@pytest.mark.parametrize(
    ("imports", "parameter", "given", "wanted"),
    [
        ("from starlette.requests import Request", "request: Request", "await request.json()", "await request.body()"),
        ("from aiohttp.web import Request", "request: Request", "await request.json()", "await request.read()"),
        ("from quart import request", "", "await request.get_json()", "await request.get_data()"),
        ("from django.http import HttpRequest", "request: HttpRequest", "request", "request.body"),
    ],
)
def test_each_framework_gives_its_raw_body(
    tmp_path: Path, imports: str, parameter: str, given: str, wanted: str
) -> None:
    code = f"{imports}\nasync def chat({parameter}):\n    result = await server.process({given}, {{}})\n"

    found, _ = _scan(tmp_path, code)
    _, text = _scan(tmp_path, code, fix=True)

    assert found == [("CK701", given)]
    assert f"server.process({wanted}, {{}})" in text


def test_headers_that_are_filled_later_may_name_the_type(tmp_path: Path) -> None:
    code = """
    from fastapi import Request
    from fastapi.responses import StreamingResponse
    async def chat(request: Request):
        result = await server.process(await request.body(), {})
        headers = {"Cache-Control": "no-cache"}
        headers["Content-Type"] = "text/event-stream"
        return StreamingResponse(result, headers=headers)
    """

    assert _scan(tmp_path, code)[0] == []


def test_a_parsed_body_that_is_read_again_is_found_and_not_changed(tmp_path: Path) -> None:
    code = """
    from fastapi import Request
    async def chat(request: Request):
        body = await request.json()
        print(body["type"])
        return await server.process(body, {})
    """

    assert _scan(tmp_path, code)[0] == [("CK701", "await request.json()")]
    assert _scan(tmp_path, code, fix=True)[1] == ""
