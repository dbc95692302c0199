"""How a page reads its public settings, by its framework, and where people write them down."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.project.project import Project

URL, KEY = "CHATKIT_URL", "CHATKIT_DOMAIN_KEY"
# Where a server of the app reaches the chat's server, and the key that both share.
SERVER_URL, PROXY_KEY = "CHATKIT_SERVER_URL", "CHATKIT_PROXY_KEY"
LOCAL_KEY = "local-dev"


class Framework(StrEnum):
    """What builds a page, as far as its environment goes."""

    NEXT = "next"
    NUXT = "nuxt"
    CREATE_REACT_APP = "react-scripts"
    ASTRO = "astro"
    VITE = "vite"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PublicEnvironment:
    """The public settings of a page.

    folder: of its package, where its environment files are. origins: where it is served from in development.
    """

    framework: Framework
    folder: Path
    origins: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """Return what the names of public variables start with."""
        return _PREFIXES[self.framework]

    def read(self, name: str) -> str:
        """Return the expression that reads a variable."""
        match self.framework:
            case Framework.NUXT:
                # NUXT_PUBLIC_CHATKIT_URL sets runtimeConfig.public.chatkitUrl.
                first, *rest = name.lower().split("_")
                return f"useRuntimeConfig().public.{first}{''.join(word.title() for word in rest)}"
            case Framework.VITE | Framework.ASTRO:
                return f"import.meta.env.{self.prefix}{name}"
            case Framework.NONE:
                return f"window.{name}"
        return f"process.env.{self.prefix}{name}"


def environment_of(project: Project, path: Path) -> PublicEnvironment:
    """Return how the page that a file belongs to reads its public settings."""
    package = project.packages.of(path)
    names = package.dependencies
    is_plain = path.suffix in {".html", ".htm"} or "public" in path.relative_to(package.folder).parts[:-1]
    framework = next((each for mark, each in _MARKS if mark in names), Framework.NONE)
    if is_plain and framework is not Framework.VITE:
        framework = Framework.NONE
    return PublicEnvironment(framework, package.folder, tuple(_origins(project, package.folder, framework)))


_MARKS = (
    ("next", Framework.NEXT),
    ("nuxt", Framework.NUXT),
    ("react-scripts", Framework.CREATE_REACT_APP),
    ("astro", Framework.ASTRO),
    ("vite", Framework.VITE),
)
_PREFIXES = {
    Framework.NEXT: "NEXT_PUBLIC_",
    Framework.NUXT: "NUXT_PUBLIC_",
    Framework.CREATE_REACT_APP: "REACT_APP_",
    Framework.ASTRO: "PUBLIC_",
    Framework.VITE: "VITE_",
    Framework.NONE: "",
}
_PORT = re.compile(r"\bport\s*:\s*(?:\w+(?:\([^)]*\))?\s*(?:\|\||\?\?)\s*)?(\d{4,5})")
_LISTEN = re.compile(r"\bPORT\b[^\n;]*?(?:\|\||\?\?|,)\s*['\"]?(\d{4,5})|\.listen\(\s*(\d{4,5})")
_DEFAULT_PORTS = {
    Framework.NEXT: "3000",
    Framework.NUXT: "3000",
    Framework.CREATE_REACT_APP: "3000",
    Framework.ASTRO: "4321",
    Framework.VITE: "5173",
    Framework.NONE: "8080",
}


def _origins(project: Project, folder: Path, framework: Framework) -> list[str]:
    port = _DEFAULT_PORTS[framework]
    names = (
        ("vite.config", "nuxt.config", "astro.config")
        if framework is not Framework.NONE
        else ("server", "index", "app")
    )
    pattern = _PORT if framework is not Framework.NONE else _LISTEN
    for path in project.listing.files:
        if path.parent == folder and path.name.startswith(names):
            source = project.read(path)
            found = pattern.search(source.text) if source is not None else None
            port = next(filter(None, found.groups()), port) if found is not None else port
    return [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
