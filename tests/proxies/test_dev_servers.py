"""Dev servers: what they were seen to ask for when they were run with these files is what is expected of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proxies.support import UNCLEAR, handed

_VITE = """\
import { defineConfig } from 'vite'
import { strip } from './strip'
const t = process.env.BACKEND_URL ?? 'http://127.0.0.1:8000'
export default defineConfig({ server: { proxy: {
  '/plain': 'http://localhost:8000',
  '/sub': { target: 'http://localhost:8000/v1/', changeOrigin: true },
  '/api/inner': { target: t, rewrite: (p) => p.replace('/api/inner', '/inner') },
  '/api': { target: t, configure: (p) => p.on('error', log), rewrite: (path) => path.replace(/^\\/api/, '') },
  '^/re/.*': { target: t },
  '^/re2/(.*)': { target: t, rewrite: (path) => path.replace(/^\\/re2\\/(.*)/, '/y/$1') },
  '/around': { target: t, rewrite: (path) => `/pre${path}` },
  '/fixed': { target: t, rewrite: () => '/chatkit' },
  '/block': { target: t, rewrite: (path) => { return path.replace(/^\\/block\\/?/, '/') } },
  '/tail/': { target: t },
  '/parts': { target: { host: 'localhost', port: 9000 } },
  '/env': { target: process.env.BACKEND_URL },
  '/strange': { target: t, rewrite: strip },
  '/counted': { target: t, rewrite: (path) => { seen(path); return path } },
  '/passed': { target: t, bypass: (req) => req.url },
  '/written': { target: t, configure: (proxy) => proxy.on('proxyReq', (req) => { req.path = '/x' }) },
} } })
"""
_VITE_ASKED: dict[str, str | None] = {
    "/plain": "http://localhost:8000/plain",
    "/plainer": "http://localhost:8000/plainer",
    "/sub/a": "http://localhost:8000/v1/sub/a",
    "/api/chatkit": "http://127.0.0.1:8000/chatkit",
    "/apix/chatkit": "http://127.0.0.1:8000/x/chatkit",
    "/api/inner/z": "http://127.0.0.1:8000/inner/z",
    "/re/x": "http://127.0.0.1:8000/re/x",
    "/re2/k/l": "http://127.0.0.1:8000/y/k/l",
    "/around/a": "http://127.0.0.1:8000/pre/around/a",
    "/fixed/anything": "http://127.0.0.1:8000/chatkit",
    "/block/a": "http://127.0.0.1:8000/a",
    "/tail/a": "http://127.0.0.1:8000/tail/a",
    "/tail": None,
    "/parts/a": "http://localhost:9000/parts/a",
    "/env/a": "…/env/a",
    "/strange/a": UNCLEAR,
    "/counted/a": UNCLEAR,
    "/passed/a": UNCLEAR,
    "/written/a": UNCLEAR,
    "/x/plain": None,
}


@pytest.mark.parametrize("name", ["vite.config.ts", "astro.config.mjs"])
def test_vite(name: str, tmp_path: Path) -> None:
    config = _VITE if name.startswith("vite") else _VITE.replace("defineConfig({ server", "({ vite: { server") + ""
    if not name.startswith("vite"):
        config = config.replace("} } })\n", "} } } })\n")

    assert handed(tmp_path, {name: config}, list(_VITE_ASKED)) == _VITE_ASKED


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        # A pattern that is not read here may take any path.
        ("{ server: { proxy: { '^/(a|b)/.*': 'http://localhost:8000', '/chat': 'http://localhost:8000' } } }", UNCLEAR),
        ("{ server: { proxy: { ...more } } }", UNCLEAR),
        ("{ server: { proxy: rules() } }", UNCLEAR),
        ("merge(base, { server: { proxy: { '/chat': 'http://localhost:8000' } } })", UNCLEAR),
        # The word alone is no rule.
        ("{ plugins: [] } // no proxy here", None),
        ("({ mode }) => ({ server: { proxy: { '/chat': 'http://localhost:8000' } } })", "http://localhost:8000/chat"),
    ],
)
def test_a_configuration_of_vite_that_is_not_plain(config: str, expected: str | None, tmp_path: Path) -> None:
    text = f"export default {config}\n"

    assert handed(tmp_path, {"vite.config.js": text}, ["/chat"]) == {"/chat": expected}


def test_a_variable_that_a_file_sets_to_a_path_leaves_the_target_unknown(tmp_path: Path) -> None:
    config = "export default { server: { proxy: { '/api': process.env.BACKEND_URL ?? 'http://localhost:8000' } } }\n"
    files = {"vite.config.js": config, ".env.example": "BACKEND_URL=http://localhost:8000/v1\n"}

    assert handed(tmp_path, files, ["/api/x"]) == {"/api/x": "…/api/x"}


_SETUP = """\
const { createProxyMiddleware } = require('http-proxy-middleware')
const t = 'http://localhost:8000'
module.exports = function (app) {
  app.use('/api', createProxyMiddleware({ target: t, changeOrigin: true }))
  app.use('/strip', createProxyMiddleware({ target: t, pathRewrite: { '^/strip': '' } }))
  app.use('/base', createProxyMiddleware({ target: t + '/v1' }))
  app.use('/two', createProxyMiddleware({ target: t, pathRewrite: { '^/two': '', '^/': '/x/' } }))
  OWN
}
"""


@pytest.mark.parametrize(
    ("release", "own", "kept", "based"),
    [
        (
            "^2.0.6",
            "app.use(createProxyMiddleware('/ctx', { target: t, pathRewrite: { '^/ctx': '/c' } }))",
            "/api",
            "/base",
        ),
        (
            "^3.0.0",
            "app.use(createProxyMiddleware({ target: t, pathFilter: '/ctx', pathRewrite: { '^/ctx': '/c' } }))",
            "",
            "",
        ),
    ],
)
def test_set_up_proxies(release: str, own: str, kept: str, based: str, tmp_path: Path) -> None:
    package = f'{{ "dependencies": {{ "react-scripts": "5.0.1", "http-proxy-middleware": "{release}" }} }}'
    expected = {
        "/api/chatkit": f"http://localhost:8000{kept}/chatkit",
        "/apix": None,
        "/strip/a": "http://localhost:8000/a",
        "/base/a": f"http://localhost:8000/v1{based}/a",
        "/two/a": UNCLEAR,
        "/ctx/a": "http://localhost:8000/c/a",
        "/other": None,
    }
    files = {"package.json": package, "src/setupProxy.js": _SETUP.replace("OWN", own)}

    assert handed(tmp_path, files, list(expected)) == expected


def test_a_release_that_nobody_names_leaves_what_is_set_up_unclear(tmp_path: Path) -> None:
    assert handed(tmp_path, {"src/setupProxy.js": _SETUP}, ["/api/chatkit"]) == {"/api/chatkit": UNCLEAR}


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ('"react-scripts": "5.0.1" }, "proxy": "http://localhost:8000"', "http://localhost:8000/chatkit"),
        ('"react-scripts": "5.0.1" }, "proxy": 7', None),
        ('"vite": "6.0.0" }, "proxy": "http://localhost:8000"', None),
    ],
)
def test_the_proxy_of_a_package(package: str, expected: str | None, tmp_path: Path) -> None:
    files = {"package.json": f'{{ "dependencies": {{ {package} }}'}

    assert handed(tmp_path, files, ["/chatkit"]) == {"/chatkit": expected}


@pytest.mark.parametrize(
    ("name", "rules", "expected"),
    [
        ("webpack", "[{ context: ['/api', '/auth'], target: 'http://localhost:8000' }]", "/api/chatkit"),
        ("webpack", "{ '/api/**': { target: 'http://localhost:8000', pathRewrite: { '^/api': '' } } }", "/chatkit"),
        ("webpack", "{ '/api': 'http://localhost:8000' }", "/api/chatkit"),
        ("webpack", "{ '/**/chatkit': 'http://localhost:8000' }", None),
        ("webpack", "[{ context: (path) => path === '/', target: 'http://localhost:8000' }]", None),
        ("vue", "{ '^/api': { target: 'http://localhost:8000', pathRewrite: { '^/api': '' } } }", "/chatkit"),
        ("vue", "{ '/chatkit': { target: 'http://localhost:8000' } }", "/api/chatkit"),
    ],
)
def test_webpack_and_vue(name: str, rules: str, expected: str | None, tmp_path: Path) -> None:
    files = {f"{name}.config.js": f"module.exports = {{ devServer: {{ proxy: {rules} }} }}\n"}
    address = f"http://localhost:8000{expected}" if expected is not None else UNCLEAR

    assert handed(tmp_path, files, ["/api/chatkit"]) == {"/api/chatkit": address}


def test_angular(tmp_path: Path) -> None:
    config = """{
      // with comments
      "/api": { "target": "http://localhost:8000", "secure": false, "pathRewrite": { "^/api": "" } },
      "/keep/**": { "target": "http://localhost:8000/v1" },
      "/other": { "target": "http://localhost:8000", "bypass": "x" },
    }"""
    expected = {
        "/api/chatkit": "http://localhost:8000/chatkit",
        "/keep/a": "http://localhost:8000/v1/keep/a",
        "/other": UNCLEAR,
        "/none": None,
    }

    assert handed(tmp_path, {"proxy.conf.json": config}, list(expected)) == expected


def test_nuxt(tmp_path: Path) -> None:
    config = """\
export default defineNuxtConfig({
  nitro: { devProxy: { '/dev': { target: 'http://localhost:8000/v1', changeOrigin: true } } },
  routeRules: {
    '/api/**': { proxy: 'http://localhost:8000/**' },
    '/api/deep/**': { proxy: { to: 'http://localhost:8000/d/**' } },
    '/one': { proxy: 'http://localhost:8000/chatkit' },
    '/cached/**': { swr: true },
  },
})
"""
    expected = {
        "/api/chatkit": "http://localhost:8000/chatkit",
        "/api/deep/a": "http://localhost:8000/d/a",
        "/one": "http://localhost:8000/chatkit",
        "/dev/a": "http://localhost:8000/v1/a",
        "/cached/a": None,
    }

    assert handed(tmp_path, {"nuxt.config.ts": config}, list(expected)) == expected


def test_a_pattern_that_nobody_writes_is_not_searched_for(tmp_path: Path) -> None:
    pattern = "^" + "(.*)" * 30 + "x$"
    config = f"export default {{ server: {{ proxy: {{ '{pattern}': 'http://localhost:8000' }} }} }}\n"

    assert handed(tmp_path, {"vite.config.js": config}, ["/" + "a" * 80]) == {"/" + "a" * 80: UNCLEAR}
