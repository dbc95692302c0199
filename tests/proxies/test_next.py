"""Next: what its dev servers were seen to ask for when they were run with these files is what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proxies.support import UNCLEAR, handed

_PACKAGE = '{ "dependencies": { "@openai/chatkit-react": "^1.6.0", "next": "^15.0.0" } }'
_CONFIG = """\
const b = process.env.BACKEND || 'http://localhost:8000'
module.exports = {
  async rewrites() {
    return {
      beforeFiles: [
        { source: '/before/:path*', destination: `${b}/bf/:path*` },
        { source: '/api/taken', destination: 'http://localhost:8000/won' },
        { source: '/guarded/:path*', has: [{ type: 'cookie', key: 'x' }], destination: `${b}/:path*` },
      ],
      afterFiles: [
        { source: '/api/:path*', destination: `${b}/af/:path*` },
        { source: '/one/:id', destination: 'http://localhost:8000/one/:id/x' },
        { source: '/named/:id', destination: 'http://localhost:8000/named' },
        { source: '/plus/:p+', destination: 'http://localhost:8000/:p+' },
        { source: '/re/:p(.*)', destination: 'http://localhost:8000/r/:p' },
        { source: '/inside/:path*', destination: '/other/:path*' },
        { source: '/out/:path*', destination: `${process.env.BACKEND}/:path*` },
        { source: '/port/:path*', destination: `http://${process.env.HOST}:8000/:path*` },
      ],
      fallback: [{ source: '/:path*', destination: `${b}/fb/:path*` }],
    }
  },
}
"""
_HANDLER = """\
export async function POST(req: Request) {
  const answer = await fetch(URL, { method: 'POST', body: await req.text() })
  return new Response(answer.body, { headers: { 'Content-Type': 'text/event-stream' } })
}
"""
_ASKED: dict[str, str | None] = {
    "/before/a/b": "http://localhost:8000/bf/a/b",
    "/api/taken": "http://localhost:8000/won",
    "/guarded/a": UNCLEAR,
    "/api/chatkit": "http://localhost:8000/handled",
    "/api/other/z": "http://localhost:8000/af/other/z",
    "/API/other": "http://localhost:8000/af/other",
    "/api/q/deep": "http://localhost:8000/af/q/deep",
    "/one/5": "http://localhost:8000/one/5/x",
    "/one/5/6": "http://localhost:8000/fb/one/5/6",
    "/named/5": "http://localhost:8000/named",
    "/plus/a/b": "http://localhost:8000/a/b",
    "/re/a/b": "http://localhost:8000/r/a/b",
    "/inside/a": UNCLEAR,
    "/out/a": "…/a",
    # No path can stand before it, and the host is not known.
    "/port/a": "///a",
    "/grouped": "http://localhost:8000/grouped",
    "/env": "http://localhost:8000/viaurl",
    "/api/old": "http://localhost:8000/old",
    "/all/a/b": "http://localhost:8000/all",
    "/many": UNCLEAR,
    "/queried": "…/queried",
    "/signed": "http://localhost:8000/signed",
    "/nothing/here": "http://localhost:8000/fb/nothing/here",
}


def _handler(url: str) -> str:
    return _HANDLER.replace("URL", url)


def test_rewrites_and_handlers(tmp_path: Path) -> None:
    files = {
        "package.json": _PACKAGE,
        "next.config.js": _CONFIG,
        "app/api/chatkit/route.ts": _handler("'http://localhost:8000/handled'"),
        "app/api/taken/route.ts": _handler("'http://localhost:8000/lost'"),
        "app/api/[x]/deep/route.ts": _handler("'http://localhost:8000/dynamic'"),
        "app/(group)/grouped/route.ts": _handler("'http://localhost:8000/grouped'"),
        "src/app/env/route.ts": "const B = process.env.BACKEND ?? 'http://localhost:8000'\n"
        + _handler("new URL('/viaurl', B)"),
        "pages/api/old.js": "export default async (q, s) => s.send(await fetch('http://localhost:8000/old', { body }))",
        "app/all/[...path]/route.ts": _handler("'http://localhost:8000/all'"),
        "app/many/route.ts": _handler("'http://localhost:8000/a'")
        + "async function more(r) { await fetch('/x', r) }\n",
        "app/queried/route.ts": _handler("`${process.env.B}/queried${req.nextUrl.search}`"),
        "app/signed/route.ts": _handler("'http://localhost:8000/signed'") + "const token = () => fetch('/token')\n",
    }
    assert handed(tmp_path, files, list(_ASKED)) == _ASKED


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("export default { rewrites: async () => [RULE] }", "http://localhost:8000/a"),
        (
            "const c: NextConfig = { rewrites() { return [RULE] } }\nexport default withPlugins(c)",
            "http://localhost:8000/a",
        ),
        (
            "export default { async rewrites() { if (process.env.CI) return []; return [RULE] } }",
            "http://localhost:8000/a",
        ),
        ("export default { async rewrites() { return a ? [RULE] : [OTHER] } }", UNCLEAR),
        ("export default { async rewrites() { return [...more, RULE] } }", UNCLEAR),
        ("export default { async rewrites() { return made() } }", UNCLEAR),
        ("export default { basePath: '/docs', async rewrites() { return [RULE] } }", UNCLEAR),
        ("export default { output: 'standalone' }", None),
    ],
)
def test_a_configuration(config: str, expected: str | None, tmp_path: Path) -> None:
    rule = "{ source: '/x/:path*', destination: 'http://localhost:8000/:path*' }"
    text = config.replace("RULE", rule).replace("OTHER", rule.replace("8000/", "8000/v2/"))

    assert handed(tmp_path, {"package.json": _PACKAGE, "next.config.ts": text}, ["/x/a"]) == {"/x/a": expected}


@pytest.mark.parametrize(
    ("middleware", "expected"),
    [
        ("export const middleware = (req) => NextResponse.rewrite(new URL('/x', req.url))", UNCLEAR),
        (
            "export const middleware = (req) => (req.auth ? NextResponse.next() : new Response('', { status: 401 }))",
            "http://localhost:8000/x",
        ),
    ],
)
def test_middleware(middleware: str, expected: str, tmp_path: Path) -> None:
    files = {
        "package.json": _PACKAGE,
        "app/x/route.ts": _handler("'http://localhost:8000/x'"),
        "middleware.ts": middleware,
    }

    assert handed(tmp_path, files, ["/x"]) == {"/x": expected}
