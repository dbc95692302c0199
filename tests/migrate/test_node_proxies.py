"""Session routes of Node servers with a sign-in, migrated and run on the packages as npm gives them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import httpx
import pytest

from tests.commands import call
from tests.migrate.hosted import committed
from tests.migrate.signed_in import PAGE
from tests.migrate.test_proxies import KEY, _wait, said, threads
from tests.reference.harness import Backend, alone, listen, message, serving, url_of

NPM = shutil.which("npm")
pytestmark = pytest.mark.skipif(NPM is None, reason="needs npm")
PATH = "/api/chat/session"

_MADE = """
    const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
      method: "POST",
      headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}`, "OpenAI-Beta": "chatkit_beta=v1" },
      body: JSON.stringify({ workflow: { id: process.env.WORKFLOW_ID }, user: USER }),
    });
    const { client_secret } = await made.json();
"""
PEOPLE = """
export const people = { "token-of-ada": "ada", "token-of-bob": "bob" };
export const nameOf = (authorization) => people[(authorization ?? "").replace("Bearer ", "")];
"""


def _server(text: str, user: str) -> str:
    return dedent(text).replace("MADE;", _MADE.strip().replace("USER", user))


# The handler stands where it is registered, and nothing has to read a body.
EXPRESS = _server(
    """
    import express from "express";
    import { nameOf } from "./people.js";

    const app = express();

    app.post("/api/chat/session", async (req, res) => {
      const name = nameOf(req.headers.authorization);
      if (!name) return res.status(401).json({ error: "sign in first" });
      MADE;
      res.json({ client_secret });
    });

    app.listen(process.env.PORT);
    """,
    "name",
)
# A handler with a name, behind a middleware that knows who asks.
NAMED = _server(
    """
    import express from "express";
    import { nameOf } from "./people.js";

    const app = express();
    app.use(express.json());

    function signedIn(req, res, next) {
      req.user = { id: nameOf(req.headers.authorization) };
      return req.user.id ? next() : res.sendStatus(401);
    }

    app.post("/api/chat/session", signedIn, makeSession);

    async function makeSession(req, res) {
      MADE;
      res.json({ client_secret });
    }

    app.listen(process.env.PORT);
    """,
    "req.user.id",
)
FASTIFY = _server(
    """
    import Fastify from "fastify";
    import { nameOf } from "./people.js";

    const app = Fastify();

    app.post("/api/chat/session", async (request, reply) => {
      const name = nameOf(request.headers.authorization);
      if (!name) return reply.code(401).send({ error: "sign in first" });
      MADE;
      return { client_secret };
    });

    app.listen({ port: Number(process.env.PORT) });
    """,
    "name",
)
HONO = _server(
    """
    import { serve } from "@hono/node-server";
    import { Hono } from "hono";
    import { nameOf } from "./people.js";

    const app = new Hono();

    app.post("/api/chat/session", async (ctx) => {
      const name = nameOf(ctx.req.header("Authorization"));
      if (!name) return ctx.json({ error: "sign in first" }, 401);
      MADE;
      return ctx.json({ client_secret });
    });

    serve({ fetch: app.fetch, port: Number(process.env.PORT) });
    """,
    "name",
)
SERVERS = {"express": EXPRESS, "named": NAMED, "fastify": FASTIFY, "hono": HONO}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install what the servers run on, once."""
    folder = tmp_path_factory.mktemp("packages")
    wanted = ("express@5", "fastify@5", "hono@4", "@hono/node-server@1")
    command = [str(NPM), "install", "--no-audit", "--no-fund", "--no-package-lock", *wanted]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm has no packages: {done.stderr[-200:]}")
    return folder / "node_modules"


@contextmanager
def running(root: Path, packages: Path, **environment: str) -> Iterator[str]:
    """Run a migrated server on Node; yield its address."""
    (root / "node_modules").symlink_to(packages)
    with listen() as free:
        url = url_of(free)
    given = os.environ | {"PORT": url.rpartition(":")[2], "CHATKIT_PROXY_KEY": KEY, **environment}
    log = root / "app.log"
    with log.open("wb") as written:
        process = subprocess.Popen(["node", "server.js"], cwd=root, env=given, stdout=written, stderr=written)
        try:
            _wait(url, log)
            yield url
        finally:
            process.terminate()
            process.wait()


@pytest.mark.parametrize("name", SERVERS)
def test_who_has_signed_in_chats_and_a_stranger_does_not(tmp_path: Path, packages: Path, name: str) -> None:
    manifest = '{ "type": "module", "dependencies": {} }\n'
    files = {"public/index.html": PAGE, "package.json": manifest, "people.js": PEOPLE, "server.js": SERVERS[name]}
    outcome = call("migrate", str(committed(tmp_path, files)), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert "server.js:" in outcome.stdout
    assert "hands the chat on to the new server" in outcome.stdout
    text = (tmp_path / "server.js").read_text(encoding="utf-8")
    for gone in ("v1/chatkit", "OPENAI_API_KEY", "WORKFLOW_ID", "client_secret"):
        assert gone not in text

    with (
        serving(Backend(tmp_path / "uvicorn.log", alone(ENVIRONMENT="", CHATKIT_PROXY_KEY=KEY), tmp_path)) as server,
        running(tmp_path, packages, CHATKIT_SERVER_URL=f"{server.url}/chatkit") as url,
        httpx.Client(base_url=url, trust_env=False, timeout=60) as http,
    ):
        assert http.post(PATH, json={"type": "threads.list", "params": {}}).status_code == 401
        http.headers["Authorization"] = "Bearer token-of-ada"
        thread, answers, pieces = said(http, PATH, "threads.create", input=message("My name is Ada"))
        assert answers == ["Nice to meet you, Ada."]
        assert pieces > 3
        again = said(http, PATH, "threads.add_user_message", thread_id=thread, input=message("What is my name?"))
        assert again[1] == ["Your name is Ada."]
        assert threads(http, PATH) == [thread]
        http.headers["Authorization"] = "Bearer token-of-bob"
        assert threads(http, PATH) == []
