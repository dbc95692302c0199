"""What names tell: the kind of a file, and the files and folders that no person writes in a project."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import ClassVar


class FileKind(str):
    """What a file is to the doctor: code it checks, or context that the checks ask about.

    MANIFEST is every file that says what a project depends on, how its imports resolve, how it is started or where it
    is deployed. There are these three and no more; not an enum, which takes longer to import than a small folder takes
    to scan.
    """

    __slots__ = ()

    PYTHON: ClassVar[FileKind]
    WEB: ClassVar[FileKind]
    MANIFEST: ClassVar[FileKind]


FileKind.PYTHON = FileKind("python")
FileKind.WEB = FileKind("web")
FileKind.MANIFEST = FileKind("manifest")


def kind_of(name: str) -> FileKind | None:
    """Return the kind of a file from its name alone, None for a file that cannot matter."""
    suffix = name[name.rfind(".") :].lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if name in _MANIFEST_NAMES or (suffix in _MANIFEST_SUFFIXES and _is_named_manifest(name)):
        return FileKind.MANIFEST
    return FileKind.MANIFEST if name.startswith((".env", "Dockerfile")) else None


def is_written_by_tools(name: str) -> bool:
    """Return whether a file's name says that a bundler, minifier or compiler wrote it."""
    if name.endswith(_SCRIPTS):
        stem = name[: name.rfind(".")]
        return stem.endswith(_BUNDLED) or _is_content_hash(stem[max(stem.rfind("."), stem.rfind("-")) + 1 :], stem)
    return name.endswith(_DECLARATIONS)


def is_left_out(folder: str) -> bool:
    """Return whether a folder's name alone keeps the walk out of it."""
    if folder.startswith("."):
        return folder not in _DOT_FOLDERS_WITH_CODE
    return folder in _LEFT_OUT


def is_tool_output(folder: str, names: Collection[str]) -> bool:
    """Return whether a tool made a folder, told from its name and the names in it: an environment, or build output.

    `python -m venv .` puts an environment around a project's own code, which is then still looked at.
    """
    if "pyvenv.cfg" in names or "conda-meta" in names:
        return not any(kind_of(name) for name in names)
    return folder in _LEFT_OUT_WITHOUT_SOURCE and not any(map(_is_written_by_hand, names))


def _is_named_manifest(name: str) -> bool:
    if name.endswith((".txt", ".in")):
        return "requirements" in name
    if name.endswith(".json"):
        return name.startswith(("tsconfig", "jsconfig", "proxy.conf"))
    if name.endswith((".conf", ".template")):
        # Of nginx, be it filled in when a container starts.
        return name.endswith((".conf", ".conf.template"))
    return name.endswith((".yml", ".yaml")) and name.removeprefix("docker-").startswith("compose")


def _is_content_hash(word: str, stem: str) -> bool:
    """Return whether the last word of a name is a hash of its contents; a date has no letter in it."""
    is_hex = len(word) >= _SHORTEST_HASH and len(word) < len(stem) and _HEX.issuperset(word)
    return is_hex and not word.isdecimal() and not word.isalpha()


def _is_written_by_hand(name: str) -> bool:
    if name.endswith(_SOURCES) or name == "__init__.py":
        return True
    return name.endswith((".ts", ".cts", ".mts")) and not name.endswith(_DECLARATIONS)


_BY_SUFFIX = {
    ".py": FileKind.PYTHON,
    ".widget": FileKind.MANIFEST,
    **dict.fromkeys((".sh", ".ps1", ".bat", ".cmd"), FileKind.MANIFEST),
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"), FileKind.WEB),
    **dict.fromkeys((".html", ".htm", ".vue", ".svelte", ".astro"), FileKind.WEB),
    **dict.fromkeys((".jinja", ".jinja2", ".j2", ".php"), FileKind.WEB),
}

_MANIFEST_NAMES = frozenset(
    {
        *("pyproject.toml", "setup.cfg", "Pipfile", "Pipfile.lock", "uv.lock", "poetry.lock", "pdm.lock"),
        *("pylock.toml", "environment.yml", "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock"),
        *("bun.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml", "vercel.json", "netlify.toml", "fly.toml", "app.yaml"),
        *("render.yaml", "railway.json", "railway.toml", "firebase.json", "wrangler.toml", "wrangler.json"),
        *("Makefile", "makefile", "justfile", "Justfile"),
        *("wrangler.jsonc", "Procfile", "_headers", "_redirects", "Caddyfile", "staticwebapp.config.json"),
    }
)
_MANIFEST_SUFFIXES = frozenset({".txt", ".in", ".json", ".yml", ".yaml", ".conf", ".template"})

_SCRIPTS = (".js", ".cjs", ".mjs")
_BUNDLED = (".min", "-min", ".bundle", "-bundle", ".chunk", "-chunk")
_DECLARATIONS = (".d.ts", ".d.cts", ".d.mts")
_HEX = frozenset("0123456789abcdef")
_SHORTEST_HASH = 8

# Every other dot-folder is a tool's: version control, caches, editors, coding agents, framework output.
_DOT_FOLDERS_WITH_CODE = frozenset({".storybook", ".vitepress", ".vuepress"})
_LEFT_OUT = frozenset(
    {
        *("node_modules", "bower_components", "jspm_packages", "vendor", "third_party"),
        *("site-packages", "venv", "virtualenv", "__pycache__", "__pypackages__"),
        *("dist", "htmlcov", "lcov-report"),
    }
)

# Common names of output that are also names of routes and packages. No build writes TypeScript sources, JSX or
# a package marker right into its output, so these say that a person did.
_LEFT_OUT_WITHOUT_SOURCE = frozenset({"build", "out", "target", "coverage"})
_SOURCES = (".tsx", ".jsx", ".vue", ".svelte", ".astro")
