"""Structures of manifests, settings and ignore files, beside a file that uses ChatKit."""

from __future__ import annotations

from tests.torture.structures import Structure, each, files

_PYTHON = {"a.py": "from chatkit.store import Store\nfrom agents import Agent\n"}
_HOOK = "import { useChatKit } from '@openai/chatkit-react'\nuseChatKit({ api: { url: '/c', domainKey: 'k' } })\n"
_ASKS = '{"dependencies": {"@openai/chatkit-react": "^1.6.1"}}\n'
_SERVER = """from chatkit.server import ChatKitServer, StreamingResult
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
app = FastAPI()
class Server(ChatKitServer[dict]):
    async def respond(self, thread, input_user_message, context):
        yield
server = Server(store=None)
@app.post("/chatkit")
async def chatkit(request: Request):
    result = await server.process(await request.body(), {})
    if isinstance(result, StreamingResult):
        return StreamingResponse(result, media_type="text/event-stream")
    return Response(content=result.json, media_type="application/json")
"""
_ROUTE = """@app.post("/chatkit#")
async def chatkit#(request: Request):
    return Response(content=(await server.process(await request.body(), {})).json)
"""
_WEB = {"a.tsx": _HOOK, "package.json": '{"dependencies": {"@openai/chatkit-react": "1.0.0"}}\n'}


def _python(name: str, text: str) -> dict[str, str]:
    return {**_PYTHON, name: text}


def _pair(text: str, name: str = "", config: str = "", more: str = "") -> dict[str, str]:
    """Return a page and its backend: what the page says, a file beside it, and what else the backend has."""
    return {
        "frontend/package.json": _ASKS,
        "frontend/a.tsx": "import { useChatKit } from '@openai/chatkit-react'\n" + text,
        **({f"frontend/{name}": config} if name else {}),
        "backend/requirements.txt": "openai-chatkit==1.6.5\n",
        "backend/main.py": _SERVER + more,
    }


def _web(name: str, text: str) -> dict[str, str]:
    return {**_WEB, name: text}


STRUCTURES: dict[str, Structure] = {
    "requirements": lambda size: _python("requirements.txt", each(size, "package#==1.#\n") + "openai-chatkit==1.0.0\n"),
    "requirements of one": lambda size: _python("requirements.txt", "openai-chatkit==99.0.0\n" * size),
    "wrong requirements": lambda size: _python("requirements.txt", "chatkit\n" * size),
    "a requirement of bounds": lambda size: _python(
        "requirements.txt", "openai-chatkit" + ",".join(f">={n}" for n in range(size)) + "\n"
    ),
    "a requirement of extras": lambda size: _python(
        "requirements.txt", "openai-chatkit[" + each(size, "a#,") + "]>=1\n"
    ),
    "a requirement of hashes": lambda size: _python(
        "requirements.txt", "openai-chatkit==1.0.0 " + each(size, "--hash=sha256:# \\\n") + "\n"
    ),
    "a requirement of markers": lambda size: _python(
        "requirements.txt", "openai-chatkit>=1; " + "python_version > '3' and " * size + "python_version > '3'\n"
    ),
    "a requirement of parentheses": lambda size: _python("requirements.txt", "openai-chatkit>=1; " + "(" * size + "\n"),
    "blanks in requirements": lambda size: _python("requirements.txt", "openai-chatkit" + " " * size + "x\n"),
    "a version of numbers": lambda size: _python("requirements.txt", "openai-chatkit==" + "1." * size + "1\n"),
    "a long number": lambda size: _python("requirements.txt", "openai-chatkit==" + "1" * size + "\n"),
    "requirements that include": lambda size: {
        **_python("requirements.txt", "-r r1.txt\n"),
        **files(size, "r#.txt", "-r r#-1.txt\nopenai-chatkit\n"),
        f"r{0}.txt": f"-r r{size}.txt\n",
    },
    "requirements that include often": lambda size: {
        **_python("requirements.txt", each(size, "-r r#.txt\n")),
        "r1.txt": "-r requirements.txt\n",
    },
    "pyproject": lambda size: _python(
        "pyproject.toml",
        "[project]\nname = 'a'\nversion = '1'\ndependencies = [\n" + each(size, "  'p#>=1',\n") + "  'chatkit'\n]\n",
    ),
    "tables of pyproject": lambda size: _python("pyproject.toml", each(size, "[tool.a#]\nb = 1\n")),
    "tables in each other": lambda size: _python("pyproject.toml", "[" + "a." * size + "b]\nc = 1\n"),
    "lists of pyproject in each other": lambda size: _python("pyproject.toml", "a = " + "[" * size + "]" * size + "\n"),
    "keys with dots": lambda size: _python("pyproject.toml", each(size, "a.b#.c = 1\n")),
    "settings": lambda size: _python(
        "pyproject.toml", "[tool.chatkit-doctor]\nignore = [" + "'CK101', " * size + "]\n"
    ),
    "settings by file": lambda size: _python(
        "pyproject.toml", "[tool.chatkit-doctor.per-file-ignores]\n" + each(size, "'**/a/*#*?*[ab]*' = ['CK101']\n")
    ),
    "exclusions": lambda size: _python(
        "pyproject.toml", "[tool.chatkit-doctor]\nexclude = [" + each(size, "'*#*a*b*', ") + "]\n"
    ),
    "unknown settings": lambda size: _python("chatkit-doctor.toml", each(size, "a# = 1\n")),
    "uv.lock": lambda size: _python(
        "uv.lock", "version = 1\n" + each(size, '[[package]]\nname = "p#"\nversion = "1.#"\n')
    ),
    "poetry.lock": lambda size: _python("poetry.lock", each(size, '[[package]]\nname = "p#"\nversion = "1.#"\n')),
    "Pipfile.lock": lambda size: _python(
        "Pipfile.lock",
        '{"default": {' + each(size, '"p#": {"version": "==1"},') + '"openai-chatkit": {"version": "==1.0.0"}}}',
    ),
    "packages without tables": lambda size: _python(
        "uv.lock", "version = 1\n" + each(size, 'name = "p#"\nversion = "1.#"\n')
    ),
    "uv.lock, one": lambda size: _python(
        "uv.lock", "version = 1\n" + each(size, '[[package]]\nname = "openai-chatkit"\nversion = "1.#"\n')
    ),
    "setup.py": lambda size: _python(
        "setup.py", "from setuptools import setup\nsetup(install_requires=[" + each(size, "'p#', ") + "'chatkit'])\n"
    ),
    "setup.cfg": lambda size: _python(
        "setup.cfg", "[options]\ninstall_requires =\n" + each(size, "    p#\n") + "    chatkit\n"
    ),
    "environment.yml": lambda size: _python("environment.yml", "dependencies:\n" + each(size, "  - p#=1\n")),
    "aliases of YAML": lambda size: _python(
        "environment.yml",
        "a0: &a0 [x]\n"
        + each(min(size, 60), "a#: &a# [*a#-1, *a#-1]\n")
        + "#" * size
        + f"\ndependencies: *a{min(size, 60)}\n",
    ),
    "lists of YAML in each other": lambda size: _python(
        "environment.yml", "dependencies: " + "[" * size + "]" * size + "\n"
    ),
    "maps of YAML in each other": lambda size: _python(
        "environment.yml", "dependencies: " + "{a: " * size + "}" * size + "\n"
    ),
    "package.json": lambda size: _web(
        "package.json", '{"dependencies": {' + each(size, '"p#": "^1.#",') + '"@openai/chatkit-react": "1.0.0"}}'
    ),
    "one key again and again": lambda size: _web(
        "package.json", '{"dependencies": {' + '"@openai/chatkit": "^99.0",' * size + '"x": "1"}}'
    ),
    "a version of alternatives": lambda size: _web(
        "package.json",
        '{"dependencies": {"@openai/chatkit-react": "' + " || ".join(f"^1.{n}" for n in range(size)) + '"}}',
    ),
    "a version of bounds": lambda size: _web(
        "package.json", '{"dependencies": {"@openai/chatkit-react": "' + each(size, ">=1.# ") + '"}}'
    ),
    "lists of JSON in each other": lambda size: _web("package.json", '{"a": ' + "[" * size + "]" * size + "}"),
    "maps of JSON in each other": lambda size: _web("package.json", '{"a": ' * size + "1" + "}" * size),
    "workspaces": lambda size: _web(
        "package.json",
        '{"workspaces": [' + each(size, '"a#/*",') + '"b"], "dependencies": {"@openai/chatkit-react": "1.0.0"}}',
    ),
    "packages": lambda size: {
        **_WEB,
        **files(size, "p#/package.json", '{"name": "p#", "dependencies": {"p1": "*"}}'),
        **files(size, "p#/a.tsx", _HOOK),
    },
    "packages that nothing imports": lambda size: {
        "package.json": '{"private": true, "workspaces": ["p/*"]}',
        **files(size, "p/p#/package.json", _ASKS),
        **files(size, "p/p#/a.ts", "export const a = 'chatkit'\n"),
    },
    "files that do not import a package": lambda size: {
        "package.json": _ASKS,
        **files(size, "a#.ts", "export const a = 1 // chatkit-react\n"),
    },
    "comments that name a package": lambda size: {
        "package.json": _ASKS,
        "a.ts": "// chatkit-react\n" * size + "export const a = 1\n",
    },
    "addresses where nothing answers": lambda size: _pair(
        each(size, "useChatKit({ api: { url: 'http://localhost:8000/api/chatkit', domainKey: 'k' } })\n")
    ),
    "addresses and routes": lambda size: _pair(
        each(size, "useChatKit({ api: { url: 'http://localhost:8000/chatkit#', domainKey: 'k' } })\n"),
        more=each(size, _ROUTE),
    ),
    "addresses that vite hands on": lambda size: _pair(
        each(size, "useChatKit({ api: { url: '/a#/chatkit', domainKey: 'k' } })\n"),
        "vite.config.ts",
        "export default { server: { proxy: {\n" + each(size, "'/a#': 'http://localhost:8000',\n") + "} } }\n",
    ),
    "addresses that nginx hands on": lambda size: _pair(
        each(size, "useChatKit({ api: { url: '/a#/chatkit', domainKey: 'k' } })\n"),
        "nginx.conf",
        "server {\n" + each(size, "  location /a# { proxy_pass http://localhost:8000; }\n") + "}\n",
    ),
    "addresses that next hands on": lambda size: _pair(
        each(size, "useChatKit({ api: { url: '/a#/chatkit', domainKey: 'k' } })\n"),
        "next.config.js",
        "module.exports = { async rewrites() { return [\n"
        + each(size, "{ source: '/a#/:path*', destination: 'http://localhost:8000/:path*' },\n")
        + "] } }\n",
    ),
    "apps": lambda size: {
        **files(size, "p#/requirements.txt", "openai-chatkit\n"),
        **files(size, "p#/a.py", _PYTHON["a.py"]),
    },
    "exports": lambda size: {
        **_web("package.json", '{"name": "x", "exports": {' + each(size, '"./a#": "./b#.js",') + '".": "./c.js"}}')
    },
    "package-lock.json": lambda size: _web(
        "package-lock.json",
        '{"lockfileVersion": 3, "packages": {' + each(size, '"node_modules/p#": {"version": "1.#"},') + '"": {}}}',
    ),
    "package-lock.json, one": lambda size: _web(
        "package-lock.json",
        '{"lockfileVersion": 3, "packages": {'
        + each(size, '"node_modules/p#/node_modules/@openai/chatkit-react": {"version": "1.#"},')
        + '"": {}}}',
    ),
    "package-lock.json of our names": lambda size: _web(
        "package-lock.json", '{"packages": {"node_modules/a": {"version": "1"}, "' + "@openai/" * size + '": {}}}'
    ),
    "bun.lock, one": lambda size: _web(
        "bun.lock",
        '{"lockfileVersion": 1, "packages": {'
        + each(size, '"p#/@openai/chatkit": ["@openai/chatkit@1.0.#", "", {}, "x"],')
        + "}}",
    ),
    "yarn.lock": lambda size: _web("yarn.lock", each(size, 'p#@^1.0, p#@^2:\n  version "1.#"\n\n')),
    "yarn.lock, one": lambda size: _web("yarn.lock", each(size, '"@openai/chatkit-react@^#":\n  version "1.0.0"\n\n')),
    "yarn.lock of blanks": lambda size: _web("yarn.lock", "a@1:\n" + " " * size + "\n"),
    "pnpm-lock.yaml": lambda size: _web(
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n"
        + each(size, "      p#:\n        specifier: 1\n        version: 1.0.#\n"),
    ),
    "bun.lock": lambda size: _web(
        "bun.lock", '{"lockfileVersion": 1, "packages": {' + each(size, '"p#": ["p#@1.0.0", "", {}, "x"],') + "}}"
    ),
    "tsconfig": lambda size: _web(
        "tsconfig.json", '{"compilerOptions": {"paths": {' + each(size, '"@a#/*": ["./b#/*"],') + "}}}"
    ),
    "tsconfig of comments": lambda size: _web("tsconfig.json", "// a\n" * size + "{}"),
    "tsconfig of comments without an end": lambda size: _web("tsconfig.json", "/*" * size),
    "tsconfig of commas": lambda size: _web("tsconfig.json", '{"a": [' + "1," * size + "]}"),
    "tsconfig of brackets": lambda size: _web("tsconfig.json", '{"a": ' + "[" * size),
    "tsconfig of quotes": lambda size: _web("tsconfig.json", '{"a": "' + '\\"' * size),
    "configurations that extend": lambda size: {
        **_web("tsconfig.json", f'{{"extends": "./t{size}.json"}}'),
        **files(size, "t#.json", '{"extends": "./t#-1.json"}'),
    },
    "configurations that extend many": lambda size: {
        **_web("tsconfig.json", '{"extends": [' + each(size, '"./t#.json",') + "]}"),
        "t1.json": '{"extends": "./tsconfig.json"}',
    },
    "paths of stars": lambda size: {
        **_WEB,
        "a.tsx": _HOOK + each(size, "import a# from '@x/a#'\n"),
        "tsconfig.json": '{"compilerOptions": {"paths": {'
        + ",".join(f'"@{n}*": ["./b/*"]' for n in range(200))
        + "}}}",
    },
    "ignored names": lambda size: _python(".gitignore", each(size, "name#\n")),
    "ignored patterns": lambda size: _python(".gitignore", each(size, "a*#*b?[cd]*\n")),
    "ignored stars": lambda size: _python(".gitignore", "*?" * size + "b\n"),
    "ignored folders": lambda size: _python(".gitignore", "**/a/" * size + "b\n"),
    "ignored blanks": lambda size: _python(".gitignore", "a" + " " * size + "b\n"),
    "ignored sets": lambda size: _python(".gitignore", "[" * size + "\n"),
    "nginx": lambda size: _web(
        "nginx.conf",
        "server {\n"
        + each(size, "  location /a# { add_header Content-Security-Policy \"script-src 'self'\"; }\n")
        + "}\n",
    ),
    "nginx of braces": lambda size: _web("nginx.conf", "{" * size),
    "vercel.json": lambda size: _web(
        "vercel.json",
        '{"headers": ['
        + ",".join(
            '{"source": "/(.*)", "headers": [{"key": "Content-Security-Policy", "value": "script-src \'self\'"}]}'
            for _ in range(size)
        )
        + "]}",
    ),
    "netlify.toml": lambda size: _web(
        "netlify.toml",
        each(size, "[[headers]]\nfor = '/a#'\n[headers.values]\nContent-Security-Policy = \"script-src 'self'\"\n"),
    ),
    "_headers": lambda size: _web("_headers", each(size, "/a#\n  Content-Security-Policy: script-src 'self'\n")),
    "vite.config.ts": lambda size: _web(
        "vite.config.ts",
        "export default { server: { proxy: {\n" + each(size, "'/a#': 'http://localhost:#',\n") + "} } }\n",
    ),
    "next.config.js": lambda size: _web(
        "next.config.js",
        "module.exports = { async rewrites() { return [\n"
        + each(size, "{ source: '/a#/:path*', destination: 'http://x/#' },\n")
        + "] } }\n",
    ),
    "headers of next.config.js": lambda size: _web(
        "next.config.js",
        "export default { async headers() { return [{ source: '/(.*)', headers: [{ "
        + "key: 'Content-Security-Policy', value: 'x', " * size
        + "}] }] } }\n",
    ),
    "docker-compose.yml": lambda size: _web(
        "docker-compose.yml", "services:\n" + each(size, "  a#:\n    image: b\n    environment:\n      A: chatkit\n")
    ),
    "Dockerfile": lambda size: _web("Dockerfile", each(size, "RUN pip install chatkit p#\n")),
    ".env": lambda size: _web(".env", each(size, "VITE_A#=chatkit\n")),
    "a baseline": lambda size: _python(
        "chatkit-doctor-baseline.json", '{"version": 1, "findings": [' + "{}," * size + "{}]}"
    ),
    "folders": lambda size: {**_PYTHON, **files(size, "d#/a.txt", "x\n")},
    "folders in each other": lambda size: {**_PYTHON, "/".join(["d"] * min(size, 1500)) + "/a.py": _PYTHON["a.py"]},
    "long names": lambda size: {**_PYTHON, **files(size, "n" * 200 + "#.py", _PYTHON["a.py"])},
}
