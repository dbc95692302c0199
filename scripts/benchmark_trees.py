"""The trees that `scripts/benchmark.py` times: repositories of code that says nothing of ChatKit, with apps in them.

Whoever builds a tree of the same seed and size anywhere gets the same files.
"""

from __future__ import annotations

import random
import shutil
from itertools import islice
from pathlib import Path

_REFERENCE = Path(__file__).parent.parent / "fixtures" / "reference"
_WORDS = (
    *("account", "address", "amount", "asset", "batch", "bucket", "cache", "cart", "channel", "client", "column"),
    *("config", "counter", "currency", "cursor", "customer", "device", "digest", "event", "feature", "field"),
    *("filter", "folder", "gateway", "group", "handler", "header", "history", "image", "index", "invoice", "job"),
    *("key", "label", "layer", "ledger", "limit", "locale", "message", "metric", "model", "month", "node"),
    *("notice", "number", "offer", "order", "owner", "packet", "page", "parcel", "payment", "period", "person"),
    *("place", "plan", "policy", "price", "product", "profile", "quota", "range", "rate", "reader", "record"),
    *("region", "report", "request", "role", "route", "sample", "schema", "score", "section", "segment"),
    *("session", "shape", "signal", "source", "stage", "status", "store", "stream", "tariff", "task", "template"),
    *("tenant", "ticket", "token", "topic", "total", "trace", "user", "value", "vendor", "version", "volume"),
    *("wallet", "window", "worker", "writer", "zone"),
)
# In a service's folder; what is left over goes into its package.
_FILES_OF_SERVICE = 50
_FILES_OF_APP = 20


def repository(folder: Path, files: int, apps: int, *, seed: int = 9) -> Path:
    """Write a repository of so many files that can matter, of which each app has 20, and return its folder."""
    rng = random.Random(seed)  # noqa: S311 - the same tree for everybody, not a secret
    shutil.rmtree(folder, ignore_errors=True)
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    _write(folder / ".gitignore", "node_modules/\n__pycache__/\n*.py[co]\n.venv/\n/build/\n*.log\n.env\n")
    _write(folder / "pyproject.toml", '[project]\nname = "everything"\nversion = "1.0"\ndependencies = []\n')
    for number in range(apps):
        small_app(folder / "apps" / f"assistant_{number:03}", 14, 6, seed=rng.random())
    bodies = _Bodies(rng)
    left = files - apps * _FILES_OF_APP
    for number in range(-(-left // _FILES_OF_SERVICE)):
        _service(folder / "services" / f"{rng.choice(_WORDS)}_{number:04}", min(left, _FILES_OF_SERVICE), bodies)
        left -= _FILES_OF_SERVICE
    return folder


def unrelated(folder: Path) -> Path:
    """Write a small folder that has nothing to do with ChatKit and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    _service(folder, 10, _Bodies(random.Random(9)))  # noqa: S311
    return folder


def small_app(folder: Path, python: int, web: int, *, seed: float = 9) -> Path:
    """Write one app of so many Python and web files, all about ChatKit, and return its folder."""
    shutil.rmtree(folder, ignore_errors=True)
    backend, frontend = folder / "backend", folder / "frontend"
    _write(
        backend / "pyproject.toml",
        '[project]\nname = "assistant"\nversion = "1.0"\nrequires-python = ">=3.11"\n'
        'dependencies = ["openai-chatkit>=1.4,<2", "openai-agents>=0.6,<1", "fastapi>=0.115", "uvicorn"]\n',
    )
    _write(backend / "app" / "__init__.py", "")
    for name in ("base", "memory"):
        _copy(f"backend/app/stores/{name}.py", backend / "app" / "stores" / f"{name}.py")
    _write(backend / "app" / "stores" / "__init__.py", "")
    for name in ("server", "agent", "context", "converter", "streaming", "unique_ids"):
        _copy(f"backend/app/{name}.py", backend / "app" / f"{name}.py")
    for number in range(python - 8):
        _write(backend / "app" / "tools" / f"tool_{number}.py", _tool(random.Random(seed + number)))  # noqa: S311
    for name in ("index.html", "package.json", "tsconfig.json", "vite.config.ts", "src/user.ts"):
        _copy(f"frontend/{name}", frontend / name)
    _copy("frontend/src/Chat.tsx", frontend / "src" / "Chat.tsx")
    for number in range(web - 1):
        _write(frontend / "src" / f"Panel{number}.tsx", _PANEL.replace("PANEL", f"Panel{number}"))
    return folder


def file_rich_app(folder: Path, *, python: int = 950, web: int = 850) -> Path:
    """Write one app among many files of its own package and its own web sources, and return its folder."""
    small_app(folder, 10, 5)
    bodies = _Bodies(random.Random(9))  # noqa: S311
    imports = "from app.context import RequestContext\nfrom app.services.module_0 import *\n"
    for number in range(python):
        first = imports if number % 10 == 1 else ""
        _write(folder / "backend" / "app" / "services" / f"module_{number}.py", first + bodies.python())
    for number in range(web):
        _write(folder / "frontend" / "src" / "widgets" / f"Widget{number}.tsx", bodies.web())
    return folder


def long_file(folder: Path, lines: int = 11_000) -> Path:
    """Write one Python file of so many lines that uses ChatKit throughout, and return its folder."""
    shutil.rmtree(folder, ignore_errors=True)
    rng = random.Random(9)  # noqa: S311
    tools = (line for _ in iter(int, 1) for line in _tool(rng).splitlines(keepends=True))
    _write(folder / "server.py", "".join(islice(tools, lines)).rpartition("\n\n\n")[0] + "\n")
    _write(folder / "requirements.txt", "openai-chatkit==1.4.0\nopenai-agents==0.6.3\n")
    return folder


def _service(folder: Path, files: int, bodies: _Bodies) -> None:
    """Write one service: a Python package with an npm package beside it, folders nested as people nest them."""
    _write(folder / ".gitignore", "dist/\ncoverage/\n")
    _write(folder / "backend" / "pyproject.toml", '[project]\nname = "service"\nversion = "1.0"\n')
    _write(folder / "web" / "package.json", '{"name": "web", "private": true, "dependencies": {"react": "^18.3.1"}}\n')
    for number in range(files - 2):
        area = f"{_WORDS[number % 7]}s"
        if number % 2:
            _write(folder / "backend" / "service" / area / f"module_{number}.py", bodies.python())
        else:
            suffix = ("tsx", "ts", "js")[number // 2 % 3]
            _write(folder / "web" / "src" / area / f"View{number}.{suffix}", bodies.web())


class _Bodies:
    """Files' contents, of sizes as people's: a median of some 3 KB, a few of 30."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._python = [_python_function(rng) for _ in range(400)]
        self._web = [_web_function(rng) for _ in range(400)]

    def python(self) -> str:
        return "import json\nimport logging\nfrom pathlib import Path\n\n\n" + self._some(self._python)

    def web(self) -> str:
        return "import { format } from '../format'\n\n" + self._some(self._web)

    def _some(self, parts: list[str]) -> str:
        return "\n\n".join(self._rng.choices(parts, k=min(60, max(1, round(self._rng.lognormvariate(1.9, 0.8))))))


def _python_function(rng: random.Random) -> str:
    one, two, three = rng.sample(_WORDS, 3)
    return (
        f"def {one}_{two}({two}, {three}=None):\n"
        f'    """Return the {one} of a {two}, by its {three}."""\n'
        f"    found = {{}}\n    for {one}, each in enumerate({two}.items()):\n"
        f"        if each.{three} is None or each.{three} > {rng.randrange(900)}:\n"
        f'            logging.debug("no {three} in %s", json.dumps(each.{three}))\n            continue\n'
        f"        found[each.{one}_id] = {{'{three}': each.{three}, 'total': each.amount * {rng.random():.3f}}}\n"
        f"    return Path({two}.folder) / '{one}.json', found\n"
    )


def _web_function(rng: random.Random) -> str:
    one, two, three = rng.sample(_WORDS, 3)
    return (
        f"export function {one}{two.title()}({two}, {three} = {rng.randrange(900)}) {{\n"
        f"  const rows = {two}.items.filter((each) => each.{three} > {three})\n"
        f"  if (rows.length === 0) {{\n    console.warn('no {three} for', {two}.name)\n    return null\n  }}\n"
        f"  return rows.map((each) => ({{ ...each, {one}: format(each.{one}), sum: each.sum * {rng.random():.3f} }}))\n"
        "}\n"
    )


def _tool(rng: random.Random) -> str:
    """Return a module of one function that streams through ChatKit's types."""
    one, two = rng.sample(_WORDS, 2)
    return f'''from collections.abc import AsyncIterator
from datetime import datetime

from chatkit.types import AssistantMessageContent, AssistantMessageItem, ThreadItemDoneEvent, ThreadStreamEvent


def {one}_total(rows: list[dict[str, float]]) -> float:
    """Return the sum of every {one} that has a {two}."""
    return sum(row["{one}"] for row in rows if row.get("{two}"))


async def tell_{one}(thread_id: str, rows: list[dict[str, float]]) -> AsyncIterator[ThreadStreamEvent]:
    """Stream a message about each {two}."""
    text = f"the {one} is {{{one}_total(rows):.2f}}"
    yield ThreadItemDoneEvent(
        item=AssistantMessageItem(
            id=f"msg_{one}_{{thread_id}}",
            thread_id=thread_id,
            created_at=datetime.now(),
            content=[AssistantMessageContent(text=text)],
        )
    )


'''


_PANEL = """import type { ChatKitOptions } from '@openai/chatkit-react'
import { useState } from 'react'

type Prompts = NonNullable<ChatKitOptions['startScreen']>['prompts']

export function PANEL({ prompts }: { prompts: Prompts }) {
  const [open, setOpen] = useState(false)
  return (
    <section className="panel">
      <button onClick={() => setOpen(!open)}>{open ? 'Less' : 'More'}</button>
      {open && prompts?.map((each) => <p key={each.label}>{each.label}</p>)}
    </section>
  )
}
"""


def _copy(path: str, target: Path) -> None:
    _write(target, (_REFERENCE / path).read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
