"""What names tell: the kind of a file, and the files and folders that no person writes in a project."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class Kind(StrEnum):
    """What a file is to the doctor: code it checks, or context that the checks ask about.

    PHP is context only: WordPress plugins load the CDN script there. MANIFEST is every file that says what a
    project depends on, how its imports resolve or where it is deployed.
    """

    PYTHON = "python"
    WEB = "web"
    PHP = "php"
    MANIFEST = "manifest"


def kind_of(name: str) -> Kind | None:
    """Return the kind of a file from its name alone, None for a file that cannot matter."""
    suffix = name[name.rfind(".") :].lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if name in _MANIFEST_NAMES or (suffix in _MANIFEST_SUFFIXES and _MANIFEST.fullmatch(name)):
        return Kind.MANIFEST
    return Kind.MANIFEST if name.startswith((".env", "Dockerfile")) else None


def is_written_by_tools(name: str) -> bool:
    """Tell whether a file's name says that a bundler, minifier or compiler wrote it."""
    return _GENERATED.search(name) is not None


def is_left_out(folder: str) -> bool:
    """Tell whether a folder's name alone keeps the walk out of it."""
    if folder.startswith("."):
        return folder not in _DOT_FOLDERS_WITH_CODE
    return folder in _LEFT_OUT


def is_tool_output(folder: str, names: Collection[str]) -> bool:
    """Tell from a folder's name and the names in it whether a tool made it: an environment, or build output.

    `python -m venv .` puts an environment around a project's own code, which is then still looked at.
    """
    if "pyvenv.cfg" in names or "conda-meta" in names:
        return not any(kind_of(name) for name in names)
    return folder in _LEFT_OUT_WITHOUT_SOURCE and not any(_WRITTEN_BY_HAND.search(name) for name in names)


_BY_SUFFIX = {
    ".py": Kind.PYTHON,
    ".php": Kind.PHP,
    ".widget": Kind.MANIFEST,
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"), Kind.WEB),
    **dict.fromkeys((".html", ".htm", ".vue", ".svelte", ".astro"), Kind.WEB),
}

_MANIFEST_NAMES = frozenset(
    {
        *("pyproject.toml", "setup.cfg", "Pipfile", "Pipfile.lock", "uv.lock", "poetry.lock", "pdm.lock"),
        *("pylock.toml", "environment.yml", "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock"),
        *("bun.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml", "vercel.json", "netlify.toml", "fly.toml", "app.yaml"),
        *("render.yaml", "railway.json", "railway.toml", "firebase.json", "wrangler.toml", "wrangler.json"),
        *("wrangler.jsonc", "nginx.conf", "Procfile", "_headers"),
    }
)
_MANIFEST_SUFFIXES = frozenset({".txt", ".in", ".json", ".yml", ".yaml"})
_MANIFEST = re.compile(r".*requirements.*\.(?:txt|in)|[jt]sconfig.*\.json|(?:docker-)?compose.*\.ya?ml")

_GENERATED = re.compile(
    r"""[.-]min\.[cm]?js$ | [.-](?:bundle|chunk)\.[cm]?js$ | \.d\.[cm]?ts$
    | [.-](?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,}\.[cm]?js$  # a content hash; a date has no letter in it
    """,
    re.VERBOSE,
)

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
_WRITTEN_BY_HAND = re.compile(r"^__init__\.py$|(?<!\.d)\.[cm]?ts$|\.[jt]sx$|\.(?:vue|svelte|astro)$")
