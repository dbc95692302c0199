"""Who `user` was: somebody who has signed in is known to the new server too, whoever came is a visitor."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.migrate.routes.users import is_signed_in
from chatkit_doctor.migrate.sessions.user import without_types
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from tests.commands import call
from tests.migrate.hosted import VITE, committed, contents
from tests.reference.harness import Backend, alone, serving

PAGE = """
<openai-chatkit id="chat"></openai-chatkit>
<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>
<script type="module">
  const chat = document.getElementById("chat");
  await customElements.whenDefined("openai-chatkit");
  chat.setOptions({
    api: {
      async getClientSecret() {
        const answer = await fetch("/api/chat", { method: "POST", body: "{}" });
        return (await answer.json()).client_secret;
      },
    },
    composer: { attachments: { enabled: true } },
  });
</script>
"""

CLOUDFLARE = """
import { nameOf } from "../../lib/people.js";

export async function onRequestPost({ request, env }) {
  try {
    const user = nameOf(request.headers.get("Cookie"));
    if (!user) {
      return new Response("sign in first", { status: 401 });
    }
    if (!env.CHATKIT_WORKFLOW_ID) return new Response("no workflow", { status: 500 });
    const { note } = await request.json();
    const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
      method: "POST",
      headers: { Authorization: `Bearer ${env.OPENAI_API_KEY}`, "OpenAI-Beta": "chatkit_beta=v1" },
      body: JSON.stringify({ workflow: { id: env.CHATKIT_WORKFLOW_ID }, user: user.id }),
    });
    if (!made.ok) return new Response("no session", { status: 502 });
    return Response.json({ client_secret: (await made.json()).client_secret });
  } catch (error) {
    return new Response(String(error), { status: 500 });
  }
}
"""

PEOPLE = """
export const nameOf = (cookie) => (cookie === "sid=1" ? { id: "ada" } : null);
"""

FUNCTIONS = {
    "package.json": '{ "name": "site", "type": "module" }\n',
    "index.html": PAGE,
    "lib/people.js": PEOPLE,
    "functions/api/chat.js": CLOUDFLARE,
}

NEXT_ROUTE = """
import { NextResponse } from "next/server";
import { auth } from "@/lib/auth";

const OPENAI_API_KEY = process.env.OPENAI_API_KEY;

export async function POST(request: Request) {
  const session = await auth.api.getSession({ headers: request.headers });
  if (!session?.user?.id) {
    return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  }
  if (!OPENAI_API_KEY) {
    return NextResponse.json({ error: "no key" }, { status: 500 });
  }
  const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
    method: "POST",
    headers: { Authorization: `Bearer ${OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: process.env.CHATKIT_WORKFLOW_ID }, user: session.user.id }),
  });
  return NextResponse.json(await made.json());
}
"""

NEXT_PAGE = """
"use client";
import { ChatKit, useChatKit } from "@openai/chatkit-react";

export function Chat() {
  const { control } = useChatKit({
    api: {
      getClientSecret: async () => (await (await fetch("/api/chat/session", { method: "POST" })).json()).client_secret,
    },
  });
  return <ChatKit control={control} />;
}
"""

NEXT = {
    "package.json": '{ "dependencies": { "next": "^15.0.0", "@openai/chatkit-react": "^1.4.0" } }\n',
    "app/layout.tsx": """
        import Script from "next/script";
        export default () => <Script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" />;
        """,
    "app/chat/Chat.tsx": NEXT_PAGE,
    "app/api/chat/session/route.ts": NEXT_ROUTE,
    "lib/auth.ts": "export const auth = { api: { getSession: async (_: object) => ({ user: { id: 'ada' } }) } };\n",
}


def migrated(root: Path, files: dict[str, str]) -> dict[str, str]:
    outcome = call("migrate", str(committed(root, files)), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert [each.message for each in run([root], Options(min_severity=Severity.WARNING)).findings] == []
    return {name: data.decode() for name, data in contents(root).items()}


def test_a_route_with_a_sign_in_becomes_a_proxy_that_says_who_asks(tmp_path: Path) -> None:
    files = migrated(tmp_path, NEXT)

    route = files["app/api/chat/session/route.ts"]
    assert '"X-User-Id": encodeURIComponent(String(session.user.id)),' in route
    assert 'process.env.CHATKIT_SERVER_URL || "http://localhost:8000/chatkit"' in route
    assert "body: await request.text()," in route
    assert 'NextResponse.json({ error: "Unauthorized" }, { status: 401 })' in route
    for gone in ("OPENAI_API_KEY", "WORKFLOW", "v1/chatkit/sessions", "made"):
        assert gone not in route
    assert Document(Source(tmp_path / "route.ts", route)).error_count == 0
    page = files["app/chat/Chat.tsx"]
    assert 'url: "/api/chat/session",' in page
    assert "fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init)," in page
    assert "app/chat/chatkitUser.ts" not in files


def test_the_server_behind_a_proxy_believes_it_alone(tmp_path: Path) -> None:
    files = migrated(tmp_path, NEXT)

    assert "CHATKIT_PROXY_KEY=" in files["backend/.env.example"]
    assert not any("sign_in" in text or "accounts" in text for name, text in files.items() if name.endswith(".py"))
    with served(tmp_path, ENVIRONMENT="", CHATKIT_PROXY_KEY="secret") as http:
        assert listed(http, **{"X-Proxy-Key": "secret", "X-User-Id": "ada"}) == 200
        assert listed(http, **{"X-Proxy-Key": "guess", "X-User-Id": "ada"}) == 401
        assert listed(http, **{"X-User-Id": "ada"}) == 401
        assert listed(http, **{"X-Proxy-Key": "secret"}) == 401


@pytest.mark.parametrize(("environment", "status"), [("development", 200), ("", 401)])
def test_without_the_key_that_both_know_the_server_believes_nobody_but_in_development(
    tmp_path: Path, environment: str, status: int
) -> None:
    migrated(tmp_path, NEXT)

    with served(tmp_path, ENVIRONMENT=environment, CHATKIT_PROXY_KEY="") as http:
        assert listed(http, **{"X-User-Id": "ada"}) == status
        assert listed(http, **{"X-User-Id": "ada", "X-Proxy-Key": "undefined"}) == status
        assert listed(http) == 401


# Stands in for a browser that shows the page, and prints what its first requests came to.
VISIT = """
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
globalThis.location = { href: "http://localhost:3000/" };
const { fetchAsUser } = await import(process.argv[2]);
const ask = async () => {
  const body = JSON.stringify({ type: "threads.list", params: {} });
  return (await fetchAsUser(process.argv[1] + "/chatkit", { method: "POST", body })).status;
};
const tokens = [];
const note = () => tokens.push(kept.get("chatkit-visitor"));
const statuses = await Promise.all([ask(), ask(), ask()]);
note();
statuses.push(await ask());
note();
kept.set("chatkit-visitor", "forged");
statuses.push(await ask());
note();
console.log(JSON.stringify([statuses, tokens]));
"""


def test_whoever_came_is_a_visitor_that_the_server_has_signed(tmp_path: Path) -> None:
    files = migrated(tmp_path, VITE)
    assert "sign_in" not in files["backend/app/main.py"]
    module = tmp_path / "frontend" / "src" / "chatkitUser.mjs"
    module.write_text(without_types(files["frontend/src/chatkitUser.ts"]), encoding="utf-8")

    with served(tmp_path, ENVIRONMENT="") as http:
        assert listed(http) == 401
        assert listed(http, **{"X-Visitor": "visitor_0123"}) == 401
        command = ["node", "--input-type=module", "--eval", VISIT, str(http.base_url), str(module)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        statuses, (first, second, third) = json.loads(done.stdout)
        assert statuses == [200] * 5
        assert first == second != third
        assert listed(http, **{"X-Visitor": first}) == 200
        assert http.post("/sign-in", json={"name": "ada"}).status_code == 404


@contextmanager
def served(root: Path, **environment: str) -> Iterator[httpx.Client]:
    """Run the migrated server, without a key of a model."""
    with (
        serving(Backend(root / "uvicorn.log", alone(**environment), root)) as backend,
        backend.stranger() as http,
    ):
        yield http


def listed(http: httpx.Client, **headers: str) -> int:
    return http.post("/chatkit", json={"type": "threads.list", "params": {}}, headers=headers).status_code


MOBILE = """
import { verify } from "@/lib/auth";

const TRIAL_DAYS = 7;

export async function POST(request: Request) {
  const user = await verify(request.headers.get("Authorization"));
  if (!user) return new Response("sign in", { status: 401 });
  const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: process.env.WORKFLOW_ID }, user: user.id, days: TRIAL_DAYS }),
  });
  return Response.json(await made.json());
}
"""


def test_a_header_that_the_page_sent_with_its_request_is_sent_with_the_chat(tmp_path: Path) -> None:
    sent = "{ Authorization: `Bearer ${token()}` }"
    page = NEXT_PAGE.replace('{ method: "POST" }', f'{{ method: "POST", headers: {sent} }}')

    made = migrated(tmp_path, {**NEXT, "app/chat/Chat.tsx": page})["app/chat/Chat.tsx"]

    assert "fetch: (input: RequestInfo | URL, init?: RequestInit) => {" in made
    assert 'headers.set("Authorization", `Bearer ${token()}`);' in made


ELSEWHERE = """
import { token } from "./token";

export async function secret() {
  const headers = { Authorization: `Bearer ${token()}` };
  return (await (await fetch("/api/chat/session", { method: "POST", headers })).json()).client_secret;
}
"""


def test_a_header_that_another_module_sent_is_said(tmp_path: Path) -> None:
    start = NEXT_PAGE.index("getClientSecret: ")
    old = NEXT_PAGE[start : NEXT_PAGE.index("\n", start)]
    page = NEXT_PAGE.replace(old, "getClientSecret: () => secret(),")
    page = page.replace("export function", 'import { secret } from "./secret";\n\nexport function')
    files = {**NEXT, "app/chat/Chat.tsx": page, "app/chat/secret.ts": ELSEWHERE}

    outcome = call("migrate", str(committed(tmp_path, files)), "--write")

    assert "the page asked for its session with headers of its own: send them in api.fetch as well" in outcome.stdout


PHONE = 'export const begin = () => fetch("https://help.example.com/api/mobile/session", { method: "POST" })\n'


def test_a_route_of_another_client_is_left_and_said(tmp_path: Path) -> None:
    route = "app/api/mobile/session/route.ts"
    outcome = call("migrate", str(committed(tmp_path, {**NEXT, route: MOBILE, "phone/api.ts": PHONE})), "--write")

    assert outcome.code == 0
    assert f"{route}:8: somebody else than a page here asks for sessions: move that client as well" in outcome.stdout
    files = {name: data.decode() for name, data in contents(tmp_path).items()}
    assert files[route] == MOBILE.lstrip("\n")
    assert 'url: "/api/chat/session",' in files["app/chat/Chat.tsx"]


def test_constants_that_say_nothing_of_the_workflow_stay_as_they_are(tmp_path: Path) -> None:
    text = NEXT_ROUTE.replace(
        "  const made =",
        """  const TRIAL_DAYS = 7;
  const end = Date.now() + TRIAL_DAYS * 86400;
  if (end < 0) return NextResponse.json({ error: "over", days: TRIAL_DAYS }, { status: 402 });
  const made =""",
    ).replace("user: session.user.id }", "user: session.user.id, days: TRIAL_DAYS }")

    route = migrated(tmp_path, {**NEXT, "app/api/chat/session/route.ts": text})["app/api/chat/session/route.ts"]

    assert "const TRIAL_DAYS = 7;" in route
    assert "TRIAL_DAYS * 86400" in route


class Server(BaseHTTPRequestHandler):
    """Answers as the new server would, with what it was told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = {"user": self.headers["X-User-Id"], "key": self.headers["X-Proxy-Key"], "body": body}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_function_hands_the_chat_on_for_the_user_of_its_cookie(tmp_path: Path) -> None:
    files = migrated(tmp_path, FUNCTIONS)
    assert "CHATKIT_WORKFLOW_ID" not in files["functions/api/chat.js"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    script = """
        import { onRequestPost } from "./functions/api/chat.js";
        const env = { CHATKIT_SERVER_URL: process.argv[1], CHATKIT_PROXY_KEY: "secret" };
        const ask = (cookie) =>
          onRequestPost({
            request: new Request("http://site/", { method: "POST", body: "hello", headers: { Cookie: cookie } }),
            env,
          });
        const known = await ask("sid=1");
        const unknown = await ask("sid=2");
        const kind = known.headers.get("Content-Type");
        console.log(JSON.stringify([known.status, kind, await known.text(), unknown.status]));
        """
    url = f"http://127.0.0.1:{server.server_port}/chatkit"
    command = ["node", "--input-type=module", "--eval", script, url]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    server.shutdown()

    assert done.returncode == 0, done.stderr
    status, kind, text, refused = json.loads(done.stdout)
    assert (status, kind, refused) == (200, "text/event-stream", 401)
    assert json.loads(text.removeprefix("data: ")) == {"user": "ada", "key": "secret", "body": "hello"}


@pytest.mark.parametrize(
    ("expression", "around", "expected"),
    [
        ("session.user.id", "const session = await auth()", True),
        ("current_user.id", "def make(current_user = Depends(get_current_user)): ...", True),
        ("uid", "const uid = fromCookie(req); if (!uid) return res.status(401).end()", True),
        ("userId = await resolveUserId(request) = crypto.randomUUID()", "cookie", False),
        ("deviceId", "const { deviceId } = await request.json()", False),
        ("'demo-user'", "if (!auth) return 401", False),
        ("", "auth()", False),
    ],
)
def test_who_has_signed_in(expression: str, around: str, expected: bool) -> None:
    assert is_signed_in(expression, around) is expected


HANDLER = """
import { nameOf } from "../lib/people.js";

export default async function handler(req, res) {
  const user = nameOf(req.headers.cookie);
  if (!user) {
    return res.status(401).json({ error: "sign in first" });
  }
  const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: process.env.WORKFLOW_ID }, user: user.id }),
  });
  res.status(200).json(await made.json());
}
"""


def test_a_handler_of_node_hands_the_answer_on_piece_by_piece(tmp_path: Path) -> None:
    migrated(tmp_path, {**FUNCTIONS, "functions/api/chat.js": "", "api/chat.js": HANDLER})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    script = """
        import handler from "./api/chat.js";
        process.env.CHATKIT_SERVER_URL = process.argv[1];
        const ask = async (cookie) => {
          const told = { headers: {}, pieces: [] };
          const res = {
            status: (code) => ((told.status = code), res),
            json: () => res,
            setHeader: (name, value) => { told.headers[name] = value; },
            write: (piece) => told.pieces.push(Buffer.from(piece).toString()),
            end: () => { told.ended = true; },
          };
          await handler({ headers: { cookie }, body: { type: "threads.list" } }, res);
          return told;
        };
        console.log(JSON.stringify([await ask("sid=1"), await ask("sid=2")]));
        """
    command = ["node", "--input-type=module", "--eval", script, f"http://127.0.0.1:{server.server_port}/chatkit"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    server.shutdown()

    assert done.returncode == 0, done.stderr
    known, unknown = json.loads(done.stdout)
    assert (known["status"], known["headers"], known["ended"]) == (200, {"Content-Type": "text/event-stream"}, True)
    told = json.loads("".join(known["pieces"]).removeprefix("data: "))
    assert (told["user"], json.loads(told["body"])) == ("ada", {"type": "threads.list"})
    assert (unknown["status"], unknown["pieces"]) == (401, [])
