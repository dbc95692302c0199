"""Session routes of other kinds, one by one: what goes, what stays, and that the rest is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.commands import call
from tests.migrate.hosted import committed, contents

PAGE = """
<openai-chatkit id="chat"></openai-chatkit>
<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>
<script>
  const chat = document.getElementById("chat");
  const getClientSecret = () => fetch("/session", { method: "POST" }).then((answer) => answer.text());
  customElements.whenDefined("openai-chatkit").then(() => chat.setOptions({ api: { getClientSecret } }));
</script>
"""

WORDPRESS = """
<?php
class Chat_Plugin {
    public function routes() {
        register_rest_route( 'chat/v1', '/session', array( 'callback' => array( $this, 'session' ) ) );
    }

    /** Makes a session: { workflow, user }. */
    public function session( WP_REST_Request $request ) {
        $made = wp_remote_post( 'https://api.openai.com/v1/chatkit/sessions', array(
            'body' => wp_json_encode( array( 'workflow' => array( 'id' => 'wf_1' ), 'user' => "a}b" ) ),
        ) );
        if ( is_wp_error( $made ) ) { return $made; }
        return json_decode( wp_remote_retrieve_body( $made ), true );
    }

    public function hours() {
        return '9 to 5';
    }
}
"""

PLAIN_PHP = """
<?php
$call = curl_init('https://api.openai.com/v1/chatkit/sessions');
curl_setopt($call, CURLOPT_POSTFIELDS, json_encode(['workflow' => ['id' => getenv('WORKFLOW_ID')], 'user' => 'guest']));
echo curl_exec($call);
"""

FLASK = """
import os
import uuid

import requests
from flask import Flask, jsonify

app = Flask(__name__)
WORKFLOW_ID = os.getenv("WORKFLOW_ID")

if not WORKFLOW_ID:
    raise RuntimeError("Set WORKFLOW_ID.")


@app.route("/session", methods=["POST"])
def session():
    made = requests.post(
        "https://api.openai.com/v1/chatkit/sessions",
        json={"workflow": {"id": WORKFLOW_ID}, "user": str(uuid.uuid4())},
    )
    return jsonify(made.json())


@app.route("/hours")
def hours():
    return jsonify("9 to 5")
"""

DJANGO = """
import json

from django.http import JsonResponse
from openai import OpenAI


def session(request):
    made = OpenAI().beta.chatkit.sessions.create(user=request.session.session_key, workflow={"id": "wf_1"})
    return JsonResponse({"client_secret": made.client_secret})


def hours(request):
    return JsonResponse(json.loads('"9 to 5"'), safe=False)
"""

HONO = """
import { Hono } from 'hono'

const app = new Hono()

app.get('/hours', (c) => c.text('9 to 5'))

app.post('/session', async (c) => {
  const made = await fetch('https://api.openai.com/v1/chatkit/sessions', {
    method: 'POST',
    headers: { Authorization: `Bearer ${c.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: c.env.WORKFLOW_ID }, user: crypto.randomUUID() }),
  })
  return c.json(await made.json())
})

export default app
"""

FASTIFY = """
const fastify = require('fastify')()
const OpenAI = require('openai')

const openai = new OpenAI()

fastify.get('/hours', async () => '9 to 5')

fastify.post('/session', async (request, reply) => {
  const made = await openai.beta.chatkit.sessions.create({ user: 'guest', workflow: { id: 'wf_1' } })
  return { client_secret: made.client_secret }
})

fastify.listen({ port: 3000 })
"""

VERCEL = """
export default async function handler(req, res) {
  const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: process.env.WORKFLOW_ID }, user: "user_" + Date.now() }),
  });
  res.status(200).json(await made.json());
}
"""

NUXT = """
export default defineEventHandler(async () => {
  const { openaiApiKey, public: { workflowId } } = useRuntimeConfig()
  return await $fetch('https://api.openai.com/v1/chatkit/sessions', {
    method: 'POST',
    headers: { Authorization: `Bearer ${openaiApiKey}`, 'OpenAI-Beta': 'chatkit_beta=v1' },
    body: { workflow: { id: workflowId }, user: `user_${Date.now()}` },
  })
})
"""

DELETED = {
    "session.php": PLAIN_PHP,
    "api/session.js": VERCEL,
    "netlify/functions/session.js": VERCEL.replace(
        "export default async function handler", "exports.handler = async function"
    ),
    "functions/session.js": VERCEL.replace(
        "default async function handler(req, res)", "async function onRequestPost({ env })"
    ),
    "server/api/session.post.ts": NUXT,
}
CHANGED = {
    "server.ts": HONO,
    "server.js": FASTIFY,
    "app.py": FLASK,
    "chat/views.py": DJANGO,
    "plugin.php": WORDPRESS,
}


def migrated(root: Path, name: str, text: str) -> dict[str, str]:
    outcome = call("migrate", str(committed(root, {"index.html": PAGE, "package.json": "{}", name: text})), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert [each.message for each in run([root], Options()).findings if each.code == "CK606"] == []
    return {path: data.decode() for path, data in contents(root).items()}


@pytest.mark.parametrize("name", DELETED)
def test_a_file_that_only_makes_sessions_is_deleted(tmp_path: Path, name: str) -> None:
    assert name not in migrated(tmp_path, name, DELETED[name])


@pytest.mark.parametrize("name", CHANGED)
def test_of_a_server_with_other_work_only_the_session_goes(tmp_path: Path, name: str) -> None:
    text = migrated(tmp_path, name, CHANGED[name])[name]

    assert "9 to 5" in text
    for gone in ("sessions.create", "v1/chatkit/sessions", "WORKFLOW_ID", "wf_1"):
        assert gone not in text
    if name.endswith(".py"):
        compile(text, name, "exec")
        for gone in ("requests", "uuid", "OpenAI", "RuntimeError"):
            assert gone not in text


def test_a_wordpress_callback_says_that_it_is_gone(tmp_path: Path) -> None:
    text = migrated(tmp_path, "plugin.php", WORDPRESS)["plugin.php"]

    assert "return new \\WP_Error( 'chatkit_moved'" in text
    assert "'callback' => array( $this, 'session' )" in text
    assert text.count("{") == text.count("}")


EXPRESS = """
const express = require('express');
const { makeSession } = require('./sessions');

const app = express();

app.get('/hours', (_request, response) => response.send('9 to 5'));
app.post('/session', express.json(), makeSession);
app.listen(3000);
"""

CONTROLLER = """
const BASE = 'https://api.openai.com/v1';

async function makeSession(request, response) {
  const made = await fetch(`${BASE}/chatkit/sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: 'wf_1' }, user: request.ip }),
  });
  response.json(await made.json());
}

module.exports = { makeSession };
"""

WORKER = """
const BASE = 'https://api.openai.com/v1';

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === '/session' && request.method === 'POST') {
      return await makeSession(request, env);
    }
    if (url.pathname === '/hours') {
      return new Response('9 to 5');
    }
    return new Response('nothing here', { status: 404 });
  },
};

async function makeSession(request, env) {
  const made = await fetch(BASE + '/chatkit/sessions', {
    method: 'POST',
    headers: { Authorization: `Bearer ${env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: 'wf_1' }, user: request.headers.get('cookie') }),
  });
  return Response.json(await made.json());
}
"""


NAMED = "const { makeSession } = require('./sessions');"


@pytest.mark.parametrize(
    ("taken", "used", "given"),
    [
        (NAMED, "makeSession", "module.exports = { makeSession };"),
        ("const sessions = require('./sessions');", "sessions.makeSession", "module.exports = { makeSession };"),
        ("const session = require('./sessions');", "session", "module.exports = makeSession;"),
        ("import { makeSession } from './sessions.js';", "makeSession", "export { makeSession };"),
        ("import session from './sessions.js';", "session", "export default makeSession;"),
    ],
)
def test_a_handler_of_another_file_goes_with_what_registers_it(
    tmp_path: Path, taken: str, used: str, given: str
) -> None:
    server = EXPRESS.replace(NAMED, taken).replace("makeSession);", f"{used});")
    sessions = CONTROLLER.replace("module.exports = { makeSession };", given)
    files = {"server.js": server, "sessions.js": sessions, "index.html": PAGE, "package.json": "{}"}

    outcome = call("migrate", str(committed(tmp_path, files)), "--write")

    assert (outcome.code, outcome.stderr) == (0, "")
    server = (tmp_path / "server.js").read_text(encoding="utf-8")
    assert "/session" not in server
    assert "9 to 5" in server
    assert not (tmp_path / "sessions.js").exists()


def test_of_a_worker_with_other_paths_only_the_session_goes(tmp_path: Path) -> None:
    text = migrated(tmp_path, "worker.js", WORKER)["worker.js"]

    assert "if (url.pathname === '/hours') {\n      return new Response('9 to 5');" in text
    for gone in ("makeSession", "/session", "BASE"):
        assert gone not in text


def test_a_function_that_others_call_stays_and_is_said(tmp_path: Path) -> None:
    inside = "if (url.pathname === '/hours') {\n      if (env.TALKS) return makeSession(request, env);"
    text = WORKER.replace("if (url.pathname === '/hours') {", inside)

    root = committed(tmp_path, {"index.html": PAGE, "package.json": "{}", "worker.js": text})
    outcome = call("migrate", str(root), "--write")

    assert (root / "worker.js").read_text(encoding="utf-8") == text.lstrip("\n")
    line = next(number for number, each in enumerate(text.lstrip("\n").splitlines(), 1) if "/chatkit/sessions" in each)
    assert f"worker.js:{line}: a session of the hosted workflow is made here: take it out" in outcome.stdout


MADE = """
from openai import OpenAI
{imported}


def hours(request):
    return "9 to 5"


{start} session(request):
    made = OpenAI().beta.chatkit.sessions.create(user="guest", workflow={{"id": "wf_1"}})
    return made.client_secret
"""


DJANGO_URLS = """
from django.urls import path

from . import chat

urlpatterns = [
    path("hours", chat.hours),
    path("session", chat.session),
]
"""
STARLETTE_ROUTES = """
from chat import hours, session
from starlette.routing import Route

routes = [Route("/hours", hours), Route("/session", session, methods=["POST"])]
"""
AIOHTTP_APP = """
from aiohttp import web
from chat import hours, session

app = web.Application()
app.router.add_get("/hours", hours)
app.router.add_post("/session", session)
"""
LITESTAR_APP = """
from chat import hours, session
from litestar import Litestar

app = Litestar(route_handlers=[hours, session])
"""
FLASK_APP = """
import chat
from flask import Flask

app = Flask(__name__)
app.add_url_rule("/hours", view_func=chat.hours)
app.add_url_rule("/session", view_func=chat.session, methods=["POST"])
"""
FASTAPI_APP = """
from chat import hours, session
from fastapi import FastAPI

app = FastAPI()


@app.get("/hours")
def now(request):
    return hours(request)


@app.post("/session")
def begin(request):
    return session(request)
"""


@pytest.mark.parametrize(
    ("imported", "start", "registered", "gone"),
    [
        ("import django", "def", DJANGO_URLS, ['    path("session", chat.session),\n']),
        ("import starlette", "async def", STARLETTE_ROUTES, [', Route("/session", session, methods=["POST"])']),
        ("from aiohttp import web", "async def", AIOHTTP_APP, ['app.router.add_post("/session", session)\n']),
        ("from litestar import post", "@post('/session')\nasync def", LITESTAR_APP, ["[hours, session]|[hours]"]),
        ("import flask", "def", FLASK_APP, [f"{FLASK_APP.splitlines()[-1]}\n"]),
        ("import fastapi", "def", FASTAPI_APP, [FASTAPI_APP[FASTAPI_APP.index("\n\n@app.post") :]]),
    ],
)
def test_what_registers_a_handler_elsewhere_goes_with_it(
    tmp_path: Path, imported: str, start: str, registered: str, gone: list[str]
) -> None:
    chat = MADE.format(imported=imported, start=start)
    files = {"index.html": PAGE, "package.json": "{}", "app/chat.py": chat, "app/main.py": registered}
    outcome = call("migrate", str(committed(tmp_path, files)), "--write")

    assert (outcome.code, outcome.stderr) == (0, "")
    made = {path: data.decode() for path, data in contents(tmp_path).items()}
    expected = registered.lstrip("\n").replace("import hours, session", "import hours")
    for each in gone:
        old, _, new = each.partition("|")
        expected = expected.replace(old, new)
    assert made["app/main.py"] == expected
    assert "def hours" in made["app/chat.py"]
    assert "session" not in made["app/chat.py"]


def test_a_function_that_other_work_calls_stays_and_is_said_in_python(tmp_path: Path) -> None:
    chat = MADE.format(imported="import fastapi", start="def")
    main = "from chat import session\n\n\ndef warm_up():\n    session(None)\n"
    root = committed(tmp_path, {"index.html": PAGE, "package.json": "{}", "chat.py": chat, "main.py": main})

    outcome = call("migrate", str(root), "--write")

    assert (root / "main.py").read_text(encoding="utf-8") == main
    assert (root / "chat.py").read_text(encoding="utf-8") == chat.lstrip("\n")
    line = next(number for number, each in enumerate(chat.lstrip("\n").splitlines(), 1) if "create(" in each)
    assert f"chat.py:{line}: a session of the hosted workflow is made here: take it out" in outcome.stdout
