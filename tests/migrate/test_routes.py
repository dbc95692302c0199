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
