"""A page that asks one of several session routes: the choice stays, and each way goes where its users are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import call
from tests.migrate.hosted import committed, contents, git
from tests.migrate.test_users import MOBILE, NEXT, NEXT_PAGE, NEXT_ROUTE, listed, migrated, served

_START = NEXT_PAGE.index("getClientSecret: ")
_ONE_LINE = NEXT_PAGE[_START : NEXT_PAGE.index("\n", _START)]

BY_CONDITION = """
async getClientSecret() {
        const isKnown = Boolean(token?.trim());
        const address = isKnown ? SIGNED_IN : ANYONE;
        const headers: Record<string, string> = { "Content-Type": "application/json" };
        if (isKnown) {
          headers.Authorization = `Bearer ${token}`;
        }
        const answer = await fetch(address, { method: "POST", headers });
        if (answer.status === 402) throw new Error("subscribe first");
        return (await answer.json()).client_secret;
      },
""".strip()

BY_BRANCHES = """
async getClientSecret() {
        if (token) {
          const answer = await fetch(SIGNED_IN, { headers: { Authorization: `Bearer ${token}` } });
          return (await answer.json()).client_secret;
        }
        return (await (await fetch(ANYONE, { method: "POST" })).json()).client_secret;
      },
""".strip()

BY_PLACE = """
async getClientSecret() {
        let address = ANYONE;
        if (token) address = "/api/chat/session";
        return (await (await fetch(address, { method: "POST" })).json()).client_secret;
      },
""".strip()

# For whoever comes.
GUESTS = """
export async function POST(request: Request) {
  const user = request.headers.get("cookie") ?? crypto.randomUUID();
  if (await isTooMany(user)) return new Response("later", { status: 429 });
  const made = await fetch("https://api.openai.com/v1/chatkit/sessions", {
    method: "POST",
    headers: { Authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ workflow: { id: process.env.CHATKIT_WORKFLOW_ID }, user }),
  });
  return Response.json(await made.json());
}

const isTooMany = async (user: string) => user.length > 100;
"""


def files_with(asks: str, *, guests: str = GUESTS) -> dict[str, str]:
    """Return an app whose page asks one of two session routes."""
    names = 'const SIGNED_IN = "/api/chat/session";\nconst ANYONE = "/api/guests";\n\n'
    page = NEXT_PAGE.replace(_ONE_LINE, asks).replace("export function Chat()", f"{names}export function Chat(props)")
    page = page.replace("Chat(props)", "Chat({ token }: { token?: string })")
    return {**NEXT, "app/chat/Chat.tsx": page, "app/api/guests/route.ts": guests}


def test_the_choice_is_kept_where_one_of_the_routes_is_for_whoever_comes(tmp_path: Path) -> None:
    files = migrated(tmp_path, files_with(BY_CONDITION))

    page = files["app/chat/Chat.tsx"]
    direct = 'process.env.NEXT_PUBLIC_CHATKIT_URL || "http://localhost:8000/chatkit"'
    assert f"url: Boolean(token?.trim())\n        ? SIGNED_IN\n        : {direct},\n" in page
    assert ": fetchAsUser," in page
    # What is added to the headers later on is sent as well, and what says of what kind a request is stays the chat's.
    assert "headers.Authorization = `Bearer ${token}`;" in page
    assert 'if (name !== "content-type") sent.set(name, value);' in page
    assert "ANYONE" not in page
    assert "app/api/guests/route.ts" not in files
    assert '"X-User-Id": encodeURIComponent(String(session.user.id)),' in files["app/api/chat/session/route.ts"]
    assert "NEXT_PUBLIC_CHATKIT_URL=" in files[".env.example"]
    with served(tmp_path, ENVIRONMENT="", CHATKIT_PROXY_KEY="secret") as http:
        visitor = http.post("/visitors").raise_for_status().json()["token"]
        assert listed(http, **{"X-Visitor": visitor}) == 200
        assert listed(http, **{"X-Proxy-Key": "secret", "X-User-Id": "ada"}) == 200
        assert listed(http, **{"X-Proxy-Key": "guess", "X-User-Id": "ada"}) == 401
        assert listed(http, **{"X-User-Id": "ada", "X-Visitor": "ada"}) == 401
        assert listed(http) == 401


def test_what_a_page_or_a_route_did_beside_the_secret_is_said(tmp_path: Path) -> None:
    outcome = call("migrate", str(committed(tmp_path, files_with(BY_CONDITION))))

    line = next(
        number for number, text in enumerate(_page(tmp_path).splitlines(), 1) if "answer.status === 402" in text
    )
    expected = "an answer of 402 was dealt with here: see to it in api.fetch, which has the answers to the chat"
    assert f"app/chat/Chat.tsx:{line}: {expected}" in outcome.stdout
    assert "app/api/guests/route.ts:4: sessions were refused with 429: backend/app/main.py is" in outcome.stdout


def _page(root: Path) -> str:
    return (root / "app" / "chat" / "Chat.tsx").read_text(encoding="utf-8")


def test_two_calls_in_two_branches_are_a_choice_as_well(tmp_path: Path) -> None:
    page = migrated(tmp_path, files_with(BY_BRANCHES))["app/chat/Chat.tsx"]

    assert "url: token\n        ? SIGNED_IN\n        : process.env.NEXT_PUBLIC_CHATKIT_URL ||" in page
    assert 'headers.set("Authorization", `Bearer ${token}`);' in page


def test_two_routes_with_a_sign_in_both_hand_the_chat_on(tmp_path: Path) -> None:
    files = migrated(tmp_path, files_with(BY_CONDITION, guests=MOBILE))

    for name in ("app/api/chat/session/route.ts", "app/api/guests/route.ts"):
        assert "X-Proxy-Key" in files[name]
    page = files["app/chat/Chat.tsx"]
    assert "url: Boolean(token?.trim())\n        ? SIGNED_IN\n        : ANYONE,\n" in page
    assert "fetchAsUser" not in page
    assert "CHATKIT_URL" not in files[".env.example"].replace("CHATKIT_SERVER_URL", "")
    assert "visitors" not in files["backend/app/main.py"]


def test_a_choice_that_cannot_be_told_is_refused_in_one_line(tmp_path: Path) -> None:
    root = committed(tmp_path, files_with(BY_PLACE))
    before = contents(root)

    outcome = call("migrate", str(root), "--write")

    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1
    assert "app/chat/Chat.tsx:" in outcome.stderr
    assert "asks /api/chat/session or /api/guests for its session, and which one cannot be told" in outcome.stderr
    assert contents(root) == before
    assert git(root, "status", "--porcelain") == ""


def test_routes_for_whoever_comes_need_no_choice(tmp_path: Path) -> None:
    asks = BY_PLACE.replace("/api/chat/session", "/api/others")
    files = files_with(asks) | {"app/api/others/route.ts": GUESTS}
    del files["app/api/chat/session/route.ts"]

    made = migrated(tmp_path, files)

    assert 'url: process.env.NEXT_PUBLIC_CHATKIT_URL || "http://localhost:8000/chatkit",' in made["app/chat/Chat.tsx"]
    assert not any(name.startswith("app/api/") for name in made)


@pytest.mark.parametrize("first", ["refresh", "session"])
def test_the_route_that_hands_on_is_the_one_that_the_page_asks_first(tmp_path: Path, first: str) -> None:
    asks = """
      async getClientSecret(current: string | null) {
        if (current) {
          const again = await fetch("/api/chat/refresh", { method: "POST", body: current });
          return (await again.json()).client_secret;
        }
        return (await (await fetch("/api/chat/session", { method: "POST" })).json()).client_secret;
      },
      """.strip()
    # In either order of their files.
    folder = "app/api/chat" if first == "refresh" else "app/zoo/chat"
    files = files_with(asks.replace("/api/chat/refresh", f"/{folder.removeprefix('app/')}/refresh"))
    del files["app/api/guests/route.ts"]
    root = committed(tmp_path, files | {f"{folder}/refresh/route.ts": NEXT_ROUTE})

    outcome = call("migrate", str(root), "--write")

    assert outcome.code == 0, outcome.stderr
    assert "X-Proxy-Key" in (root / "app/api/chat/session/route.ts").read_text(encoding="utf-8")
    assert not (root / folder / "refresh" / "route.ts").exists()
    assert "tell backend/app/context.py" not in outcome.stdout
    assert json.dumps("/api/chat/session") in _page(root)
