"""What programs hand to ChatKit when node runs them, and whether TypeScript takes that for its options."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from chatkit_doctor.contracts import newest
from chatkit_doctor.contracts.published import CHATKIT_JS

_TYPESCRIPT = "typescript@5"
_ERROR = re.compile(r"^values\.ts\((?P<line>\d+),\d+\): error TS", re.MULTILINE)
_REACT = """
const plain = (value) => [typeof value === 'function' ? value() : value, () => {}];
module.exports = {
  useState: plain,
  useMemo: (make) => make(),
  useRef: (current) => ({ current }),
  createElement: (type, props) => (typeof type === 'function' ? type(props ?? {}) : null),
};
"""
_CHATKIT = "module.exports = { useChatKit: (options) => { globalThis.given.push(options); return {}; } };\n"
_RUN = """
const fs = require('node:fs');
globalThis.window = globalThis;
globalThis.console = { log() {} };
globalThis.React = require('react');
globalThis.document = { querySelector: () => ({ setOptions: (options) => globalThis.given.push(options) }) };
const found = fs.readdirSync('out').filter((name) => name.startsWith('main')).map((name) => {
  globalThis.given = [];
  for (const a of [undefined, null, false, '', 'yes', 'no']) {
    try { require('./out/' + name).run({ a }); } catch (error) { if (error.message !== 'no') throw error; }
  }
  return [Number(/[0-9]+/.exec(name)[0]), [...new Set(globalThis.given.map((each) => JSON.stringify(each)))]];
});
fs.writeFileSync('found.json', JSON.stringify(found));
"""
_EMIT = {
    "allowJs": True,
    "jsx": "react",
    "module": "commonjs",
    "target": "ES2022",
    "outDir": "out",
    "rootDir": "sources",
    "noCheck": True,
    "types": [],
}
_CHECK = {
    "strict": True,
    "noEmit": True,
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "bundler",
    "lib": ["ES2022", "DOM"],
    "types": [],
    "skipLibCheck": True,
}


def truth(folder: Path, programs: Sequence[dict[str, str]]) -> list[bool]:
    """Return for each program whether some run of it hands over options that the types refuse.

    Raises subprocess.CalledProcessError where npm, node or the programs fail.
    """
    given = _given(folder, programs)
    values = sorted({each for found in given for each in found})
    lines = "".join(f"export const v{n}: ChatKitOptions = {text};\n" for n, text in enumerate(values))
    head = f"import type {{ ChatKitOptions }} from '{CHATKIT_JS}';\n"
    (folder / "values.ts").write_text(head + lines, encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": _CHECK, "include": ["values.ts"]}))
    done = subprocess.run(["node_modules/.bin/tsc", "-p", "."], cwd=folder, capture_output=True, text=True, check=False)
    refused = {values[int(each["line"]) - 2] for each in _ERROR.finditer(done.stdout)}
    assert refused, done.stdout + done.stderr
    return [any(each in refused for each in found) for found in given]


def _given(folder: Path, programs: Sequence[dict[str, str]]) -> list[list[str]]:
    """Return the options, as JSON, that the runs of each program hand over."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for files in programs:
        for name, text in files.items():
            (sources / name).write_text(text, encoding="utf-8")
    for package, text in {"react": _REACT, "@openai/chatkit-react": _CHATKIT}.items():
        target = folder / "out" / "node_modules" / package
        target.mkdir(parents=True)
        (target / "index.js").write_text(text)
    shutil.copytree(folder / "out" / "node_modules" / "react", folder / "node_modules" / "react")
    (folder / "package.json").write_text('{ "private": true }')
    npm = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--no-save"]
    _run(folder, *npm, _TYPESCRIPT, f"{CHATKIT_JS}@{newest(CHATKIT_JS)}")
    (folder / "emit.json").write_text(json.dumps({"compilerOptions": _EMIT, "include": ["sources/*"]}))
    _run(folder, "node_modules/.bin/tsc", "-p", "emit.json")
    (folder / "run.js").write_text(_RUN.replace("require('react')", "require('./out/node_modules/react')"))
    _run(folder, "node", "run.js")
    found: dict[int, list[str]] = dict(json.loads((folder / "found.json").read_text()))
    return [found[number] for number in range(len(programs))]


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
