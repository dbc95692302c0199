"""Which route hands a request to ChatKit's server, in each framework, over routers, prefixes and files."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from chatkit_doctor.backend.endpoints.process import endpoints
from tests.projects import project_of

_SERVER = """
from chatkit.server import ChatKitServer

class Server(ChatKitServer[dict]):
    async def respond(self, thread, input_user_message, context):
        yield

server = Server(store=None)
"""

_FRAMEWORKS = {
    "fastapi-router": (
        """
        from fastapi import APIRouter, FastAPI, Request
        from server import server
        PREFIX = "/v1"
        router = APIRouter(prefix=f"{PREFIX}/chat")
        @router.post("/kit/")
        async def chat(request: Request):
            return await server.process(await request.body(), {})
        app = FastAPI()
        app.include_router(router, prefix="/api")
        """,
        "/api/v1/chat/kit",
    ),
    "fastapi-added": (
        """
        from fastapi import FastAPI, Request
        from server import server
        async def chat(request: Request):
            return await server.process(await request.body(), {})
        app = FastAPI()
        app.add_api_route("/chatkit", chat, methods=["POST"])
        """,
        "/chatkit",
    ),
    "starlette": (
        """
        from starlette.applications import Starlette
        from starlette.requests import Request
        from starlette.routing import Mount, Route
        from server import server
        async def chat(request: Request):
            return await server.process(await request.body(), {})
        app = Starlette(routes=[Mount("/api", routes=[Route("/chatkit", chat, methods=["POST"])])])
        """,
        "/api/chatkit",
    ),
    "flask": (
        """
        import asyncio
        from flask import Blueprint, Flask, request
        from server import server
        chats = Blueprint("chats", __name__, url_prefix="/old")
        @chats.route("/chatkit", methods=["POST"])
        def chat():
            return asyncio.run(server.process(request.get_data(), {}))
        app = Flask(__name__)
        app.register_blueprint(chats, url_prefix="/new")
        """,
        "/new/chatkit",
    ),
    "quart": (
        """
        from quart import Quart, request
        from server import server
        app = Quart(__name__)
        @app.post("/chatkit")
        async def chat():
            return await server.process(await request.get_data(), {})
        """,
        "/chatkit",
    ),
    "aiohttp": (
        """
        from aiohttp import web
        from server import server
        async def chat(request: web.Request):
            return await server.process(await request.read(), {})
        app = web.Application()
        app.router.add_post("/chatkit", chat)
        """,
        "/chatkit",
    ),
    "aiohttp-table": (
        """
        from aiohttp import web
        from server import server
        routes = web.RouteTableDef()
        @routes.post("/chatkit")
        async def chat(request: web.Request):
            return await server.process(await request.read(), {})
        app = web.Application()
        app.add_routes(routes)
        """,
        "/chatkit",
    ),
    "litestar": (
        """
        from litestar import Litestar, Request, post
        from server import server
        @post("/chatkit")
        async def chat(request: Request) -> bytes:
            return await server.process(await request.body(), {})
        app = Litestar([chat])
        """,
        "…/chatkit",
    ),
    "django": (
        """
        from django.http import HttpRequest
        from django.urls import path
        from server import server
        async def chat(request: HttpRequest):
            return await server.process(request.body, {})
        urlpatterns = [path("chatkit/", chat)]
        """,
        "…/chatkit",
    ),
    "ninja": (
        """
        from django.http import HttpRequest
        from ninja import Router
        from server import server
        router = Router()
        @router.post("/chatkit")
        async def chat(request: HttpRequest):
            return await server.process(request.body, {})
        """,
        "…/chatkit",
    ),
    "through-a-function": (
        """
        from fastapi import FastAPI, Request
        from server import server
        app = FastAPI()
        async def answer(request: Request):
            return await server.process(await request.body(), {})
        @app.post("/users/{user_id:int}/chatkit")
        async def chat(request: Request, user_id: int):
            return await answer(request)
        """,
        "/users/{}/chatkit",
    ),
    "prefix-of-settings": (
        """
        from fastapi import APIRouter, FastAPI, Request
        from server import server
        from settings import load
        router = APIRouter()
        @router.post("/chatkit")
        async def chat(request: Request):
            return await server.process(await request.body(), {})
        app = FastAPI()
        app.include_router(router, prefix=load().prefix)
        """,
        "…/chatkit",
    ),
}


@pytest.mark.parametrize("name", _FRAMEWORKS)
def test_each_framework_tells_its_endpoint(tmp_path: Path, name: str) -> None:
    code, path = _FRAMEWORKS[name]
    project = project_of(tmp_path, {"server.py": _SERVER, "main.py": dedent(code)})
    (app,) = project.apps

    assert [each.route.path.text for each in endpoints(app)] == [path]


def test_a_process_of_another_class_is_no_endpoint(tmp_path: Path) -> None:
    code = """
    from fastapi import FastAPI, Request
    class Orders:
        async def process(self, order, context):
            return order
    orders = Orders()
    app = FastAPI()
    @app.post("/orders")
    async def order(request: Request):
        return await orders.process(await request.body(), {})
    """
    project = project_of(tmp_path, {"server.py": _SERVER, "main.py": f"import server\n{dedent(code)}"})
    (app,) = project.apps

    assert endpoints(app) == ()
