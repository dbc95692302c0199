"""What tsc, esbuild and V8 have against web files, with ChatKit's published types and React's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from chatkit_doctor.contracts import newest
from chatkit_doctor.contracts.published import CHATKIT_JS
from tests.torture.judging import Complaints

PACKAGES = ("typescript@7", "esbuild", f"{CHATKIT_JS}@{newest(CHATKIT_JS)}", f"{CHATKIT_JS}-react", "react@19")
_TYPES = ("@types/react@19", "@types/node@22")
_ERROR = re.compile(r"^(?P<path>[^\s(][^(\n]*)\(\d+,\d+\): error (?P<code>TS\d+): (?P<words>.*)$", re.MULTILINE)
_CONFIG = {
    "strict": True,
    "noEmit": True,
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "jsx": "react-jsx",
    "lib": ["ES2023", "DOM", "DOM.Iterable"],
    "types": ["node"],
    "skipLibCheck": True,
    "allowJs": True,
    "checkJs": True,
    "resolveJsonModule": True,
    "allowImportingTsExtensions": True,
}
# A package that is not here may hold anything, and so may what a bundler puts beside the language.
_ANYTHING = "declare module '*'\ninterface ImportMeta { readonly env: any; readonly hot?: any }\n"
# Wrong on purpose: where this is not said, nothing was judged but how the files parse.
_CANARY_TEXT = "export const canary: number = ''\n"
_CANARY = ("canary.judge.ts", "tsc: TS2322: Type 'string' is not assignable to type 'number'.")
# Where nobody writes types: what is said of names there.
_UNTYPED = (".js", ".jsx", ".mjs", ".cjs")
_OF_NAMES = frozenset({"TS2304", "TS2552", "TS2451", "TS2300", "TS2440"})
# What gives the handlers in a file the types of what they are handed.
_TYPED = re.compile(r"from ['\"]@openai/chatkit(?:-react)?['\"]")
_LOADERS = {".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx", ".js": "jsx", ".mjs": "jsx", ".jsx": "jsx"}
_MARKUP = frozenset({".html", ".htm", ".vue", ".svelte", ".astro", ".php"})


def install(folder: Path) -> None:
    """Install the judges in a folder."""
    (folder / "package.json").write_text('{ "private": true }')
    words = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
    _run("npm", *words, *PACKAGES, *_TYPES, where=folder)


class WebJudges:
    """The judges, which are installed somewhere; what they are to judge lies below a folder."""

    def __init__(self, folder: Path, installed: Path) -> None:
        self.folder = folder.resolve()
        (self.folder / "node_modules").symlink_to(installed / "node_modules")

    def typed(self, before: Path, after: Path) -> tuple[Complaints, Complaints]:
        """Return what tsc says of two versions of the files of a project, one program for each.

        A file that does not parse keeps tsc from judging any other, so it is emptied, in both.
        """
        for root in (before, after):
            _configure(root)
        while True:
            said = [self._compiled(root) for root in (before, after)]
            broken = {path for each in said if not each[_CANARY] for path, _ in each}
            assert broken or all(each[_CANARY] for each in said)
            if not broken:
                loose = {path for path, words in said[0] if _is_implicit(words)}
                loose |= {path for path, _ in said[1] if not _TYPED.search((before / path).read_text("utf-8"))}
                return said[0], _without_implicit(said[1], loose)
            for path in broken:
                for root in (before, after):
                    (root / path).write_text("export {}\n")

    def _compiled(self, root: Path) -> Complaints:
        tsc = self.folder / "node_modules" / ".bin" / "tsc"
        call = [str(tsc), "-p", "tsconfig.judge.json", "--pretty", "false"]
        done = subprocess.run(call, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode in {1, 2}, done.stdout[-2000:] + done.stderr[-2000:]
        found = list(_ERROR.finditer(done.stdout))
        told = [each for each in found if not each["path"].endswith(_UNTYPED) or each["code"] in _OF_NAMES]
        if not any(each["path"] == _CANARY[0] for each in told):
            # Some file does not parse, and it may be one without types.
            told = found
        return Complaints(
            (each["path"], f"tsc: {each['code']}: {each['words'].replace(str(root), '')}") for each in told
        )

    def parsed(self, root: Path, names: Iterable[str]) -> Complaints:
        """Return what esbuild and V8 say of files below a folder, and of the scripts in pages."""
        asked = [(name, loader, text) for name in names for loader, text in _scripts(root / name)]
        script = Path(__file__).with_name("parse.mjs")
        done = _run(
            *("node", "--experimental-vm-modules", "--no-warnings", str(script), str(self.folder)),
            where=root,
            stdin=json.dumps(asked),
        )
        said: list[list[str]] = json.loads(done)
        return Complaints(
            (name, words) for (name, _, _), all_words in zip(asked, said, strict=True) for words in all_words
        )


def _run(*command: str, where: Path, stdin: str = "") -> str:
    done = subprocess.run(command, cwd=where, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def _is_implicit(words: str) -> bool:
    return "TS70" in words


def _without_implicit(said: Complaints, loose: set[str]) -> Complaints:
    """Return complaints without those of types that nobody wrote, in files where that was so, or ChatKit has none."""
    return Complaints({key: count for key, count in said.items() if not (key[0] in loose and _is_implicit(key[1]))})


def _configure(root: Path) -> None:
    (root / "any.d.ts").write_text(_ANYTHING)
    (root / _CANARY[0]).write_text(_CANARY_TEXT)
    paths = {"@/*": ["./*", "./src/*", "./app/*"], "~/*": ["./*", "./src/*", "./app/*"]}
    config = {"compilerOptions": _CONFIG | {"paths": paths}, "include": ["**/*"], "exclude": ["**/node_modules"]}
    (root / "tsconfig.judge.json").write_text(json.dumps(config))


def are_here() -> bool:
    """Return whether node and npm are."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def _scripts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what of a file is JavaScript or TypeScript, and the language it is in."""
    text = path.read_text("utf-8", "replace").removeprefix("\ufeff")
    if path.suffix in _LOADERS:
        yield _LOADERS[path.suffix], text
    elif path.suffix in _MARKUP:
        reader = _Reader()
        reader.feed(text)
        yield from reader.scripts


class _Reader(HTMLParser):
    """Collects the scripts of a page as browsers and the compilers of components see them."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[tuple[str, str]] = []
        self._loader = ""
        self._pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag != "script" or "src" in given:
            return
        kind = given.get("type") or ""
        if given.get("lang") in {"ts", "tsx"}:
            self._loader = given["lang"] or ""
        elif kind == "module" or "setup" in given:
            self._loader = "jsx"
        elif kind in {"", "text/javascript", "application/javascript"}:
            self._loader = "script"

    def handle_data(self, data: str) -> None:
        if self._loader:
            self._pieces.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - a script ends at its own alone
        if self._loader:
            text = "".join(self._pieces)
            # A component's script is a module.
            is_module = self._loader == "script" and ("export default" in text or text.lstrip().startswith("import "))
            self.scripts.append(("jsx" if is_module else self._loader, text))
        self._loader, self._pieces = "", []
